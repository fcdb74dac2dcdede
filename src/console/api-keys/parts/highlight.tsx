import { createContext, Fragment, memo, use, type ReactNode } from 'react'
import { markRanges } from '../data/catalog-search.ts'

/**
 * The searched words, for the marked texts alone: a new search renders those and leaves the
 * rows with their check boxes as they are.
 */
export const SearchedWords = createContext<readonly string[]>([])

/** A text with the searched words marked. */
export const MarkedText = memo(function MarkedText({ text }: { text: string }) {
  return markedParts(text, use(SearchedWords))
})

const BREAKS_FROM = 24

/** A path with the searched words marked; a long one may break after its slashes. */
export const MarkedPath = memo(function MarkedPath({ path }: { path: string }) {
  const words = use(SearchedWords)
  if (path.length < BREAKS_FROM) return markedParts(path, words)
  return markedParts(path, words, (part) =>
    part.split(/(?<=\/)/).map((piece, at) => (
      <Fragment key={at}>
        {at > 0 && <wbr />}
        {piece}
      </Fragment>
    )),
  )
})

function markedParts(
  text: string,
  words: readonly string[],
  plain: (part: string) => ReactNode = (part) => part,
): ReactNode {
  const ranges = markRanges(text, words)
  if (ranges.length === 0) return plain(text)
  const parts: ReactNode[] = []
  let at = 0
  for (const { start, end } of ranges) {
    if (start > at) parts.push(<Fragment key={at}>{plain(text.slice(at, start))}</Fragment>)
    parts.push(<mark key={start}>{text.slice(start, end)}</mark>)
    at = end
  }
  if (at < text.length) parts.push(<Fragment key={at}>{plain(text.slice(at))}</Fragment>)
  return parts
}
