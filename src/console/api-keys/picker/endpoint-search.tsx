import { useEffect, useRef } from 'react'
import { SearchInput } from '../../ui/fields/search-input.tsx'
import { searchWords } from '../data/catalog-search.ts'

// The debounce delay follows the pace of typing: 1.5 times the pause before the last key.
const DELAY_PER_PAUSE = 1.5
const DELAY_MIN_MS = 150
const DELAY_MAX_MS = 450

/**
 * The picker's search box. It debounces, so that no keystroke waits for hundreds of rows; Enter
 * searches at once. Uncontrolled: a new `key` empties it.
 */
export function EndpointSearch({ onWords }: { onWords: (words: readonly string[]) => void }) {
  const typedAt = useRef(0)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])

  function search(text: string): void {
    clearTimeout(timer.current)
    onWords(searchWords(text))
  }

  function searchDebounced(text: string): void {
    const now = performance.now()
    const pause = now - typedAt.current
    const delay = Math.max(DELAY_MIN_MS, Math.min(pause * DELAY_PER_PAUSE, DELAY_MAX_MS))
    typedAt.current = now
    clearTimeout(timer.current)
    timer.current = setTimeout(search, delay, text)
  }

  return (
    <SearchInput
      className="min-w-48 flex-1"
      label="Search endpoints"
      placeholder="Search by path, category or what it does"
      onChange={searchDebounced}
      onKeyDown={({ key, currentTarget }) => {
        if (key === 'Enter') search(currentTarget.value)
      }}
    />
  )
}
