import { Fragment, type ReactNode } from 'react'
import { markRanges } from './search.ts'

/** A text with the searched words marked. */
export function MarkedText({ text, words }: { text: string; words: readonly string[] }) {
  return markedParts(text, words)
}

const BREAKS_FROM = 24

/** A path with the searched words marked; a long one may break after its slashes. */
export function MarkedPath({ path, words }: { path: string; words: readonly string[] }) {
  if (path.length < BREAKS_FROM) return markedParts(path, words)
  return markedParts(path, words, (part) =>
    part.split(/(?<=\/)/).map((piece, at) => (
      <Fragment key={at}>
        {at > 0 && <wbr />}
        {piece}
      </Fragment>
    )),
  )
}

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
