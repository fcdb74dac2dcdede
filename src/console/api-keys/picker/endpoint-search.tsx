import { useEffect, useRef } from 'react'
import { SearchInput } from '../../ui/fields/search-input.tsx'
import { searchWords } from '../data/catalog-search.ts'

// Milliseconds without a key after which the typing rests: half again the pause before the last
// key, for people type at their own pace, and within what is neither hasty nor slow.
const PACE = 1.5
const REST_MIN = 150
const REST_MAX = 450

/**
 * The picker's search box. It tells the words of what is typed once the typing rests for a
 * moment, so that a key never waits for hundreds of rows; Enter tells them at once. A new `key`
 * empties it.
 */
export function EndpointSearch({ onWords }: { onWords: (words: readonly string[]) => void }) {
  const typedAt = useRef(0)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])

  function tell(text: string): void {
    clearTimeout(timer.current)
    onWords(searchWords(text))
  }

  function tellOnceItRests(text: string): void {
    const now = performance.now()
    const rest = Math.max(REST_MIN, Math.min((now - typedAt.current) * PACE, REST_MAX))
    typedAt.current = now
    clearTimeout(timer.current)
    timer.current = setTimeout(tell, rest, text)
  }

  return (
    <SearchInput
      className="min-w-48 flex-1"
      label="Search endpoints"
      placeholder="Search by path, category or what it does"
      onChange={tellOnceItRests}
      onKeyDown={({ key, currentTarget }) => {
        if (key === 'Enter') tell(currentTarget.value)
      }}
    />
  )
}
