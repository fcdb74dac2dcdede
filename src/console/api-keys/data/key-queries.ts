import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { apiQuery } from '../../api/query.ts'
import type { UsageDays } from './key-page-search.ts'

// The server stores usage every few seconds.
const POLL_MS = 5000

type KeyParams = { deploymentId: string; appId: string }

/** One key, polled for its last use and status. */
export function keyQuery(params: KeyParams) {
  return queryOptions({
    ...apiQuery('getApiKey', { params }),
    refetchInterval: ({ state }) => (state.error?.isNotFound ? false : POLL_MS),
  })
}

/** A key's usage of the last days, polled. The previous days stay shown while others load. */
export function usageQuery(params: KeyParams, days: UsageDays) {
  return queryOptions({
    ...apiQuery('getUsage', { params, query: { days: daysParameter(days) } }),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (state.error?.isNotFound ? false : POLL_MS),
  })
}

function daysParameter(days: UsageDays) {
  return ({ 1: '1', 7: '7', 30: '30', 90: '90' } as const)[days]
}

/** The calls that a key was refused, polled. */
export function refusedCallsQuery(params: KeyParams) {
  return queryOptions({
    ...apiQuery('listRefusedCalls', { params }),
    refetchInterval: ({ state }) => (state.error?.isNotFound ? false : POLL_MS),
  })
}
