import { useQuery } from '@tanstack/react-query'
import { useDeferredValue, useMemo } from 'react'
import { apiQuery } from '../../api/query.ts'
import { viewCatalog, type CatalogView } from './catalog-view.ts'

/** The catalog as far as it has come. */
export type CatalogState = {
  catalog: CatalogView | undefined
  error: string | undefined
  retry: () => void
}

/** What a deployment's keys can be allowed; the same between renders unless it changes. */
export function useCatalog(deploymentId: string): CatalogState {
  const { data, error, refetch } = useQuery({
    ...apiQuery('getCatalog', { params: { deploymentId } }),
    staleTime: 5 * 60_000,
  })
  const message = error?.message
  const catalog = useDeferredValue(useMemo(() => data && viewCatalog(data), [data]))
  return useMemo(
    () => ({ catalog, error: message, retry: () => void refetch() }),
    [catalog, message, refetch],
  )
}
