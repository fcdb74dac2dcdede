import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback, useMemo } from 'react'
import { validateApiKeySearch, type ApiKeySearch } from '../data/key-list-search.ts'

/**
 * Changes the search in the URL, from what stands there by then: two changes in a row are both
 * kept. `step` says whether Back returns to what was before.
 */
export type ChangeSearch = (
  change: (search: ApiKeySearch) => Partial<Record<keyof ApiKeySearch, string>>,
  options?: { step?: boolean },
) => Promise<void>

/** The key table's part of the URL, and how to change it; the same between renders unless it changes. */
export function useKeySearch(): { search: ApiKeySearch; change: ChangeSearch } {
  const params = useSearch({ strict: false })
  const search = useMemo(() => validateApiKeySearch(params), [params])
  const navigate = useNavigate()

  const change: ChangeSearch = useCallback(
    (next, { step = false } = {}) =>
      navigate({
        to: '.',
        search: (current: Record<string, unknown>) =>
          validateApiKeySearch({ ...next(validateApiKeySearch(current)) }),
        replace: !step,
        resetScroll: false,
      }),
    [navigate],
  )

  return { search, change }
}
