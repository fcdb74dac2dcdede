import type { CatalogOperation, CatalogView } from './catalog-view.ts'

/** A range of a text to highlight: from `start` up to but excluding `end`, in UTF-16 units. */
export type HighlightRange = { start: number; end: number }

/** The case-folded texts of each operation by its id, built once for a catalog. */
export type SearchIndex = ReadonlyMap<string, string>

// Folds each character, unless its length would change: ranges found in the folded text must fit
// the original text ("İ" in lower case is two units long).
function foldCase(text: string): string {
  return text.replace(/./gsu, (character) => {
    const lower = character.toLowerCase()
    return lower.length === character.length ? lower : character
  })
}

/** The distinct case-folded words of a query; none for an empty one. */
export function searchWords(query: string): string[] {
  return [...new Set(foldCase(query).split(/\s+/).filter(Boolean))]
}

/** Builds the search index of a catalog over method, path, category and summary. */
export function buildSearchIndex(catalog: CatalogView): SearchIndex {
  return new Map(catalog.operations.map((operation) => [operation.id, searchableText(operation)]))
}

function searchableText({ method, path, category, summary }: CatalogOperation): string {
  // Words hold no line break, so none matches across two fields.
  return foldCase(`${method}\n${path}\n${category}\n${summary}`)
}

/** Whether every word occurs in the operation's texts, in any order. */
export function matchesWords(index: SearchIndex, id: string, words: readonly string[]): boolean {
  const text = index.get(id)
  return text !== undefined && words.every((word) => text.includes(word))
}

/** The ranges of a text where the words occur: sorted, and merged if they touch or overlap. */
export function findHighlights(text: string, words: readonly string[]): HighlightRange[] {
  if (words.length === 0) return []
  const folded = foldCase(text)
  const found: HighlightRange[] = []
  for (const word of words) {
    if (word === '') continue
    for (let at = folded.indexOf(word); at !== -1; at = folded.indexOf(word, at + 1)) {
      found.push({ start: at, end: at + word.length })
    }
  }
  found.sort((one, other) => one.start - other.start)
  const merged: HighlightRange[] = []
  for (const range of found) {
    const last = merged.at(-1)
    if (last && range.start <= last.end) last.end = Math.max(last.end, range.end)
    else merged.push({ ...range })
  }
  return merged
}
