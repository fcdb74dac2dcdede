import { queryOptions } from '@tanstack/react-query'
import { apiQuery } from '../../api/query.ts'

const POLL_MS = 30_000

/** Counts a deployment's keys by the conditions that need attention; polled. */
export function keyHealthQuery(deploymentId: string) {
  return queryOptions({
    ...apiQuery('getKeyHealth', { params: { deploymentId } }),
    refetchInterval: POLL_MS,
  })
}
