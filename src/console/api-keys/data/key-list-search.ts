import { API_KEY_SEARCH_MAX } from '../../../contract/http/limits.ts'
import { apiKeySorts, DEFAULT_SORT, type ApiKeySort } from '../../../contract/keys/api-key-sorts.ts'
import { APP_ID } from '../../../contract/keys/credentials.ts'
import { keyConditions, type KeyCondition } from '../../../contract/keys/key-conditions.ts'
import { searchText } from '../../shell/search-text.ts'

/** What of the key table stands in the URL; defaults are left out. */
export type ApiKeySearch = {
  search?: string
  access?: 'full' | 'list'
  condition?: KeyCondition
  sort?: ApiKeySort
  /** App IDs of the expanded rows, joined by commas. */
  open?: string
}

/** Orders of the key table with what they say in the menu. */
export const sortLabels: Readonly<Record<ApiKeySort, string>> = {
  '-createdAt': 'Newest first',
  createdAt: 'Oldest first',
  note: 'Note, A to Z',
  '-note': 'Note, Z to A',
  appId: 'App ID, ascending',
  '-appId': 'App ID, descending',
}

const OPEN_MAX = 50

/** Reads the key table's search parameters; what doesn't make sense falls back to the default. */
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

/** Whether only some of the keys are asked for. */
export function isFiltered({ search, access, condition }: ApiKeySearch): boolean {
  return search !== undefined || access !== undefined || condition !== undefined
}

/** The expanded rows' App IDs. */
export function openRows({ open = '' }: ApiKeySearch): ReadonlySet<string> {
  const ids = open.split(',').filter((id) => APP_ID.test(id))
  return new Set(ids.slice(-OPEN_MAX))
}

/** Shows every key again, in the order chosen. */
export function withoutFilter(current: ApiKeySearch): ApiKeySearch {
  const { search: _, access: __, condition: ___, ...rest } = current
  return rest
}

/** The search parameters with one row expanded or not. */
export function withRow(search: ApiKeySearch, appId: string, expanded: boolean): ApiKeySearch {
  const open = new Set(openRows(search))
  if (expanded) open.add(appId)
  else open.delete(appId)
  return validateApiKeySearch({ ...search, open: [...open].join(',') })
}
