import type { ReactNode } from 'react'
import { markRanges } from './search.ts'

/** A text with the searched words marked. */
export function MarkedText({ text, words }: { text: string; words: readonly string[] }) {
  const ranges = markRanges(text, words)
  if (ranges.length === 0) return text
  const parts: ReactNode[] = []
  let at = 0
  for (const { start, end } of ranges) {
    if (start > at) parts.push(text.slice(at, start))
    parts.push(<mark key={start}>{text.slice(start, end)}</mark>)
    at = end
  }
  if (at < text.length) parts.push(text.slice(at))
  return parts
}
