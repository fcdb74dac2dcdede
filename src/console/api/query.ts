import { queryOptions, QueryClient } from '@tanstack/react-query'
import { ApiError } from './api-error.ts'
import { callApi } from './client.ts'
import type { RouteInput, RouteOutput, QueryName } from './route-types.ts'

/** Query options of a route, keyed by its name and what it takes. */
export function apiQuery<Name extends QueryName>(name: Name, input: RouteInput<Name>) {
  return queryOptions<RouteOutput<Name>, ApiError>({
    queryKey: [name, input],
    queryFn: ({ signal }) => callApi(name, input, signal),
  })
}

/** Marks what these routes answered as outdated; what is on screen loads again. */
export async function invalidate(client: QueryClient, ...names: QueryName[]): Promise<void> {
  await Promise.all(names.map((name) => client.invalidateQueries({ queryKey: [name] })))
}

/** The one cache of the console. Only what may succeed the next time is tried again, once. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 2000,
        networkMode: 'always',
        retry: (count, error) =>
          count < 1 && error instanceof ApiError && (error.status === 0 || error.status >= 500),
        retryDelay: 500,
      },
      // A finished mutation holds what was sent and answered, secrets included.
      mutations: { gcTime: 0, networkMode: 'always' },
    },
  })
}
