import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useDeferredValue, useMemo } from 'react'
import { keyListQuery } from '../data/key-list-query.ts'
import type { ApiKeySearch } from '../data/key-list-search.ts'

/** Loads the keys page by page; the result is memoised. */
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
  // Deferred, so that React renders in slices: fifty rows at once would block a slow phone.
  const { pages, now, isOutdated } = useDeferredValue(answer)
  const keys = useMemo(() => pages?.flatMap(({ items }) => items), [pages])
  const total = pages?.at(-1)?.total ?? 0
  const { error, isFetchingNextPage, hasNextPage, fetchNextPage, refetch } = list
  // Reading `isFetching` subscribes to it, and would render with each poll.
  const isRetrying = error !== null && list.isFetching
  return useMemo(
    () => ({
      keys,
      total,
      /** When they were loaded, in milliseconds since 1970. */
      now,
      error,
      /** The keys are those of the previous search while this one loads. */
      isOutdated,
      /** Loading again after an error. */
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
