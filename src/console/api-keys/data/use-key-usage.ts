import { useQuery } from '@tanstack/react-query'
import type { ApiKey } from '../../../contract/keys/schemas.ts'
import type { Usage } from '../../../contract/usage/schemas.ts'
import { apiQuery } from '../../api/query.ts'

/**
 * Loads a key's whole usage record, once, so that texts don't change while someone edits.
 * Undefined for a new key, and until it has loaded.
 */
export function useKeyUsage(deploymentId: string, apiKey: ApiKey | undefined): Usage | undefined {
  return useQuery({
    ...apiQuery('getUsage', {
      params: { deploymentId, appId: apiKey?.appId ?? '' },
      query: { days: '90' },
    }),
    enabled: apiKey !== undefined,
    staleTime: Infinity,
    gcTime: 0,
  }).data
}
