import { useNavigate, useSearch } from '@tanstack/react-router'
import { validateApiKeySearch, type ApiKeySearch } from '../search-params.ts'

/** Puts a search into the URL; `step` says whether Back returns to what was before. */
export type ChangeSearch = (next: ApiKeySearch, options?: { step?: boolean }) => Promise<void>

/** The key table's part of the URL, and how to change it. */
export function useKeySearch(): { search: ApiKeySearch; change: ChangeSearch } {
  const search = validateApiKeySearch(useSearch({ strict: false }))
  const navigate = useNavigate()

  const change: ChangeSearch = (next, { step = false } = {}) =>
    navigate({
      to: '.',
      search: validateApiKeySearch({ ...next }),
      replace: !step,
      resetScroll: false,
    })

  return { search, change }
}
