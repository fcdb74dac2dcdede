import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useDeferredValue, useMemo } from 'react'
import { keyListQuery } from '../data/key-list-query.ts'
import type { ApiKeySearch } from '../data/key-list-search.ts'

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
