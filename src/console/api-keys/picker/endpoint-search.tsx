import { useEffect, useRef, useState } from 'react'
import { SearchInput } from '../../ui/search-input.tsx'
import { searchWords } from './search.ts'

// Milliseconds without a key after which the typing rests: half again the pause before the last
// key, for people type at their own pace, and within what is neither hasty nor slow.
const PACE = 1.5
const REST_MIN = 150
const REST_MAX = 450

/**
 * The picker's search box. It keeps what is typed to itself and tells its words once the
 * typing rests for a moment, so that a key never waits for hundreds of rows; Enter tells them
 * at once. A new `key` empties it.
 */
export function EndpointSearch({ onWords }: { onWords: (words: readonly string[]) => void }) {
  const [query, setQuery] = useState('')
  const typedAt = useRef(0)
  useEffect(() => {
    const now = performance.now()
    const rest = Math.max(REST_MIN, Math.min((now - typedAt.current) * PACE, REST_MAX))
    typedAt.current = now
    const timer = setTimeout(() => onWords(searchWords(query)), rest)
    return () => clearTimeout(timer)
  }, [query, onWords])
  return (
    <SearchInput
      className="min-w-48 flex-1"
      label="Search endpoints"
      placeholder="Search by path, category or what it does"
      value={query}
      onChange={setQuery}
      onKeyDown={({ key }) => {
        if (key === 'Enter') onWords(searchWords(query))
      }}
    />
  )
}
