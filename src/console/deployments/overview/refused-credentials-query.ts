import { queryOptions } from '@tanstack/react-query'
import { apiQuery } from '../../api/query.ts'

const POLL = 30_000

/** What a deployment refused before it came to permissions. */
export function refusedCredentialsQuery(deploymentId: string) {
  return queryOptions({
    ...apiQuery('listRefusedCredentials', { params: { deploymentId } }),
    refetchInterval: ({ state }) => (state.error?.isNotFound ? false : POLL),
  })
}
