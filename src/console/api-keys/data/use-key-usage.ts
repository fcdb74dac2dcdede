import { useQuery } from '@tanstack/react-query'
import type { ApiKey } from '../../../contract/schemas.ts'
import type { Usage } from '../../../contract/usage/schemas.ts'
import { apiQuery } from '../../api/query.ts'

/**
 * How an edited key was used, as far back as that is kept. It stays as it came: texts that
 * change under people's hands help nobody. Undefined for a new key, and as long as nothing came.
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
