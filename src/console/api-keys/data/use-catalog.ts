import { useQuery } from '@tanstack/react-query'
import { useDeferredValue, useMemo } from 'react'
import { apiQuery } from '../../api/query.ts'
import { toCatalogView, type CatalogView } from './catalog-view.ts'

/** The catalog, or undefined while it loads or after it failed. */
export type CatalogState = {
  catalog: CatalogView | undefined
  error: string | undefined
  retry: () => void
}

/** Loads the operations of a deployment's API; memoised between renders. */
export function useCatalog(deploymentId: string): CatalogState {
  const { data, error, refetch } = useQuery({
    ...apiQuery('getCatalog', { params: { deploymentId } }),
    staleTime: 5 * 60_000,
  })
  const message = error?.message
  const catalog = useDeferredValue(useMemo(() => data && toCatalogView(data), [data]))
  return useMemo(
    () => ({ catalog, error: message, retry: () => void refetch() }),
    [catalog, message, refetch],
  )
}
