import { createContext, Fragment, memo, use, type ReactNode } from 'react'
import { findHighlights } from '../data/catalog-search.ts'

/**
 * The searched words, for the marked texts alone: a new search renders those and leaves the
 * rows with their check boxes as they are.
 */
export const HighlightedWords = createContext<readonly string[]>([])

/** A text with the searched words marked. */
export const HighlightedText = memo(function HighlightedText({ text }: { text: string }) {
  return highlightParts(text, use(HighlightedWords))
})

const BREAKS_FROM = 24

/** A path with the searched words marked; a long one may break after its slashes. */
export const HighlightedPath = memo(function HighlightedPath({ path }: { path: string }) {
  const words = use(HighlightedWords)
  if (path.length < BREAKS_FROM) return highlightParts(path, words)
  return highlightParts(path, words, (part) =>
    part.split(/(?<=\/)/).map((piece, at) => (
      <Fragment key={at}>
        {at > 0 && <wbr />}
        {piece}
      </Fragment>
    )),
  )
})

function highlightParts(
  text: string,
  words: readonly string[],
  plain: (part: string) => ReactNode = (part) => part,
): ReactNode {
  const ranges = findHighlights(text, words)
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
