import type { CatalogOperation, CatalogView } from './catalog-view.ts'

/** A stretch of a text to mark: from `start` up to but without `end`, in UTF-16 units. */
export type MarkRange = { start: number; end: number }

/** A catalog's texts folded once, so that a keystroke only compares. */
export type SearchIndex = ReadonlyMap<string, string>

// Character by character, and only where the length stays: ranges found in the folded text
// must fit the text that is shown ("İ" in lower case is two units long).
function fold(text: string): string {
  return text.replace(/./gsu, (character) => {
    const lower = character.toLowerCase()
    return lower.length === character.length ? lower : character
  })
}

/** The words of a query: trimmed, folded, each once. An empty query has none. */
export function searchWords(query: string): string[] {
  return [...new Set(fold(query).split(/\s+/).filter(Boolean))]
}

/** Folds the searchable texts of a catalog: method, path, category and summary. */
export function indexForSearch(catalog: CatalogView): SearchIndex {
  return new Map(catalog.operations.map((operation) => [operation.id, haystack(operation)]))
}

function haystack({ method, path, category, summary }: CatalogOperation): string {
  // No word holds a line break, so none can match across two fields.
  return fold(`${method}\n${path}\n${category}\n${summary}`)
}

/** Whether every word stands somewhere in the operation's texts, in any order. */
export function matchesWords(index: SearchIndex, id: string, words: readonly string[]): boolean {
  const text = index.get(id)
  return text !== undefined && words.every((word) => text.includes(word))
}

/** Where the words stand in a text: sorted, merged where they touch or overlap. */
export function markRanges(text: string, words: readonly string[]): MarkRange[] {
  if (words.length === 0) return []
  const folded = fold(text)
  const found: MarkRange[] = []
  for (const word of words) {
    if (word === '') continue
    for (let at = folded.indexOf(word); at !== -1; at = folded.indexOf(word, at + 1)) {
      found.push({ start: at, end: at + word.length })
    }
  }
  found.sort((one, other) => one.start - other.start)
  const merged: MarkRange[] = []
  for (const range of found) {
    const last = merged.at(-1)
    if (last && range.start <= last.end) last.end = Math.max(last.end, range.end)
    else merged.push({ ...range })
  }
  return merged
}
