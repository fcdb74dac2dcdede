import { infiniteQueryOptions } from '@tanstack/react-query'
import { DEFAULT_SORT } from '../../../contract/keys/api-key-sorts.ts'
import type { ApiKeyPage } from '../../../contract/keys/schemas.ts'
import type { ApiError } from '../../api/api-error.ts'
import { callApi } from '../../api/client.ts'
import type { ApiKeySearch } from './key-list-search.ts'

const FIRST_PAGE = 50
// The API's maximum: whoever asks for more is looking for a certain key.
const NEXT_PAGE = 200
// Only the first page is polled; several would be too much to reload.
const POLL_MS = 10_000

/** The pages of the key table. */
export function keyListQuery(
  deploymentId: string,
  { search, access, condition, sort }: ApiKeySearch,
) {
  const query = {
    sort: sort ?? DEFAULT_SORT,
    ...(search !== undefined && search.trim() !== '' && { search }),
    ...(access && { access }),
    ...(condition && { condition }),
  }
  const params = { deploymentId }
  return infiniteQueryOptions<
    ApiKeyPage,
    ApiError,
    { pages: ApiKeyPage[] },
    readonly unknown[],
    string | undefined
  >({
    queryKey: ['listApiKeys', { params, query }, 'pages'],
    queryFn: ({ pageParam, signal }) =>
      callApi(
        'listApiKeys',
        {
          params,
          query:
            pageParam === undefined
              ? { ...query, limit: FIRST_PAGE }
              : { ...query, limit: NEXT_PAGE, cursor: pageParam },
        },
        signal,
      ),
    initialPageParam: undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    // Each answer renders every row anyway, for its times; comparing ten thousand keys is slow.
    structuralSharing: false,
    refetchInterval: ({ state }) => (state.data?.pages.length === 1 ? POLL_MS : false),
  })
}
