import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { apiQuery } from '../../api/query.ts'
import type { UsageDays } from './key-page-search.ts'

// Uses are stored every few seconds.
const POLL = 5000

type KeyParams = { deploymentId: string; appId: string }

/** One key; its last use and status follow it. */
export function keyQuery(params: KeyParams) {
  return queryOptions({
    ...apiQuery('getApiKey', { params }),
    refetchInterval: ({ state }) => (state.error?.isNotFound ? false : POLL),
  })
}

/** How a key was used in the last days; those of another span stay until they are there. */
export function usageQuery(params: KeyParams, days: UsageDays) {
  return queryOptions({
    ...apiQuery('getUsage', { params, query: { days: asText(days) } }),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (state.error?.isNotFound ? false : POLL),
  })
}

function asText(days: UsageDays) {
  return ({ 1: '1', 7: '7', 30: '30', 90: '90' } as const)[days]
}

/** What a key was refused. */
export function refusedCallsQuery(params: KeyParams) {
  return queryOptions({
    ...apiQuery('listRefusedCalls', { params }),
    refetchInterval: ({ state }) => (state.error?.isNotFound ? false : POLL),
  })
}
