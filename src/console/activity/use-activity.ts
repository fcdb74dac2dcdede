import { infiniteQueryOptions, keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import type { ActivityPage } from '../../contract/activity/schemas.ts'
import type { ApiError } from '../api/api-error.ts'
import { callApi } from '../api/client.ts'
import { activityFilter, type ActivitySearch } from './search-params.ts'

const PAGE_SIZE = 50

/** Query options for the pages of Activity; what was listed before stays until the answer is in. */
export function activityQuery(search: ActivitySearch) {
  const query = { ...activityFilter(search, new Date()), limit: PAGE_SIZE }
  return infiniteQueryOptions<
    ActivityPage,
    ApiError,
    { pages: ActivityPage[] },
    readonly unknown[],
    string | undefined
  >({
    queryKey: ['listActivity', { query }, 'pages'],
    queryFn: ({ pageParam, signal }) =>
      callApi(
        'listActivity',
        { query: { ...query, ...(pageParam !== undefined && { cursor: pageParam }) } },
        signal,
      ),
    initialPageParam: undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  })
}

/** The entries so far, and how to get more. */
export function useActivity(search: ActivitySearch) {
  const list = useInfiniteQuery({
    ...activityQuery(search),
    placeholderData: keepPreviousData,
  })
  return {
    entries: list.data?.pages.flatMap(({ items }) => items),
    /** When they were loaded, as milliseconds since 1970. */
    now: list.dataUpdatedAt,
    error: list.error,
    /** Another search's entries stand in while this one's are on their way. */
    isOutdated: list.isPlaceholderData,
    isRetrying: list.error !== null && list.isFetching,
    hasMore: list.hasNextPage,
    isLoadingMore: list.isFetchingNextPage,
    loadMore: () => void list.fetchNextPage(),
    retry: () => void list.refetch(),
  }
}
