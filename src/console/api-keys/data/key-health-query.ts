import { queryOptions } from '@tanstack/react-query'
import { apiQuery } from '../../api/query.ts'

const POLL = 30_000

/** What of a deployment's keys asks for attention, by count. */
export function keyHealthQuery(deploymentId: string) {
  return queryOptions({
    ...apiQuery('getKeyHealth', { params: { deploymentId } }),
    refetchInterval: POLL,
  })
}
