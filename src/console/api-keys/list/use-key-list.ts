import { infiniteQueryOptions, keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useDeferredValue, useMemo } from 'react'
import { DEFAULT_SORT } from '../../../contract/keys/api-key-sorts.ts'
import type { ApiKeyPage } from '../../../contract/schemas.ts'
import type { ApiError } from '../../api/api-error.ts'
import { callApi } from '../../api/client.ts'
import type { ApiKeySearch } from '../data/search-params.ts'

const FIRST_PAGE = 50
// Whoever asks for more looks for something: as many as the API gives.
const NEXT_PAGE = 200
// Uses are stored every few seconds. Many pages aren't loaded again by themselves.
const POLL = 10_000

/** Query options for the key table's pages; what was listed before stays until the answer is in. */
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
    // With each answer, every row is drawn anew for its time; to compare ten thousand takes long.
    structuralSharing: false,
    refetchInterval: ({ state }) => (state.data?.pages.length === 1 ? POLL : false),
  })
}

/** The listed keys so far, and how to get more; the same between renders unless it changes. */
export function useKeyList(deploymentId: string, search: ApiKeySearch) {
  const list = useInfiniteQuery({
    ...keyListQuery(deploymentId, search),
    placeholderData: keepPreviousData,
  })
  const { data, dataUpdatedAt, isPlaceholderData } = list
  const answer = useMemo(
    () => ({ pages: data?.pages, now: dataUpdatedAt, isOutdated: isPlaceholderData }),
    [data, dataUpdatedAt, isPlaceholderData],
  )
  // Drawn in slices: fifty rows at once would hold up a slow phone.
  const { pages, now, isOutdated } = useDeferredValue(answer)
  const keys = useMemo(() => pages?.flatMap(({ items }) => items), [pages])
  const total = pages?.at(-1)?.total ?? 0
  const { error, isFetchingNextPage, hasNextPage, fetchNextPage, refetch } = list
  // Only asked after an error: to look at it otherwise would render with each poll.
  const isRetrying = error !== null && list.isFetching
  return useMemo(
    () => ({
      keys,
      total,
      /** When they were loaded, as milliseconds since 1970. */
      now,
      error,
      /** Another search's keys stand in while this one's are on their way. */
      isOutdated,
      /** Asked for again after an error. */
      isRetrying,
      hasMore: hasNextPage,
      isLoadingMore: isFetchingNextPage,
      loadMore: () => void fetchNextPage(),
      retry: () => void refetch(),
    }),
    [
      keys,
      total,
      now,
      error,
      isOutdated,
      isRetrying,
      hasNextPage,
      isFetchingNextPage,
      fetchNextPage,
      refetch,
    ],
  )
}
