import { useEffect, useState } from 'react'
import { SearchInput } from '../../ui/search-input.tsx'
import { searchWords } from './search.ts'

// Longer than between two keys of a quick typist, so that rows are filtered between words.
const REST = 200

/**
 * The picker's search box. It keeps what is typed to itself and tells its words once the
 * typing rests for a moment, so that a key never waits for hundreds of rows. A new `key`
 * empties it.
 */
export function EndpointSearch({ onWords }: { onWords: (words: readonly string[]) => void }) {
  const [query, setQuery] = useState('')
  useEffect(() => {
    const timer = setTimeout(() => onWords(searchWords(query)), REST)
    return () => clearTimeout(timer)
  }, [query, onWords])
  return (
    <SearchInput
      className="min-w-48 flex-1"
      label="Search endpoints"
      placeholder="Search by path, category or what it does"
      value={query}
      onChange={setQuery}
    />
  )
}
