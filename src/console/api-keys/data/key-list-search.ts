import { API_KEY_SEARCH_MAX } from '../../../contract/http/limits.ts'
import { apiKeySorts, DEFAULT_SORT, type ApiKeySort } from '../../../contract/keys/api-key-sorts.ts'
import { APP_ID } from '../../../contract/keys/credentials.ts'
import { keyConditions, type KeyCondition } from '../../../contract/keys/key-conditions.ts'
import { searchText } from '../../page/search-text.ts'

/** The key table's search parameters in the URL; defaults are left out. */
export type ApiKeySearch = {
  search?: string
  access?: 'full' | 'list'
  condition?: KeyCondition
  sort?: ApiKeySort
  /** App IDs of the expanded rows, joined by commas. */
  open?: string
}

/** The label of each sort order in the menu. */
export const sortLabels: Readonly<Record<ApiKeySort, string>> = {
  '-createdAt': 'Newest first',
  createdAt: 'Oldest first',
  note: 'Note, A to Z',
  '-note': 'Note, Z to A',
  appId: 'App ID, ascending',
  '-appId': 'App ID, descending',
}

const OPEN_ROWS_MAX = 50

/** Parses the key table's search parameters; invalid values fall back to the default. */
export function validateApiKeySearch(input: Record<string, unknown>): ApiKeySearch {
  const search = searchText(input['search']).slice(0, API_KEY_SEARCH_MAX)
  const access = input['access']
  const condition = keyConditions.find((one) => one === input['condition'])
  const sort = apiKeySorts.find((one) => one === input['sort'])
  const open = openRows({ open: searchText(input['open']) })
  return {
    ...(search !== '' && { search }),
    ...((access === 'full' || access === 'list') && { access }),
    ...(condition && { condition }),
    ...(sort && sort !== DEFAULT_SORT && { sort }),
    ...(open.size > 0 && { open: [...open].join(',') }),
  }
}

/** Whether a search or filter is on. */
export function isFiltered({ search, access, condition }: ApiKeySearch): boolean {
  return search !== undefined || access !== undefined || condition !== undefined
}

/** The App IDs of the expanded rows, the last 50 at most. */
export function openRows({ open = '' }: ApiKeySearch): ReadonlySet<string> {
  const ids = open.split(',').filter((id) => APP_ID.test(id))
  return new Set(ids.slice(-OPEN_ROWS_MAX))
}

/** Removes search and filters, and keeps the sort order. */
export function withoutFilter(current: ApiKeySearch): ApiKeySearch {
  const { search: _, access: __, condition: ___, ...rest } = current
  return rest
}

/** The search parameters after one row was expanded or collapsed. */
export function withRow(search: ApiKeySearch, appId: string, expanded: boolean): ApiKeySearch {
  const open = new Set(openRows(search))
  if (expanded) open.add(appId)
  else open.delete(appId)
  return validateApiKeySearch({ ...search, open: [...open].join(',') })
}
