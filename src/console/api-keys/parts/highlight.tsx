import { createContext, Fragment, memo, use, type ReactNode } from 'react'
import { findHighlights } from '../data/catalog-search.ts'

/** The words to highlight. A context, so that a new search renders the texts but not their rows. */
export const HighlightedWords = createContext<readonly string[]>([])

/** A text with the searched words highlighted. */
export const HighlightedText = memo(function HighlightedText({ text }: { text: string }) {
  return highlightParts(text, use(HighlightedWords))
})

const BREAK_MIN_LENGTH = 24

/** A path with the searched words highlighted; a long one may break after its slashes. */
export const HighlightedPath = memo(function HighlightedPath({ path }: { path: string }) {
  const words = use(HighlightedWords)
  if (path.length < BREAK_MIN_LENGTH) return highlightParts(path, words)
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
