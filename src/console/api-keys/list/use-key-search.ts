import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback, useMemo } from 'react'
import { validateApiKeySearch, type ApiKeySearch } from '../data/key-list-search.ts'

/**
 * Changes the search parameters by a function of the current ones, so that two changes in a row
 * are both kept. With `push`, the browser's Back undoes the change.
 */
export type ChangeSearch = (
  change: (search: ApiKeySearch) => Partial<Record<keyof ApiKeySearch, string>>,
  options?: { push?: boolean },
) => Promise<void>

/** The key table's search parameters and a function that changes them; memoised. */
export function useKeySearch(): { search: ApiKeySearch; change: ChangeSearch } {
  const params = useSearch({ strict: false })
  const search = useMemo(() => validateApiKeySearch(params), [params])
  const navigate = useNavigate()

  const change: ChangeSearch = useCallback(
    (next, { push = false } = {}) =>
      navigate({
        to: '.',
        search: (current: Record<string, unknown>) =>
          validateApiKeySearch({ ...next(validateApiKeySearch(current)) }),
        replace: !push,
        resetScroll: false,
      }),
    [navigate],
  )

  return { search, change }
}
