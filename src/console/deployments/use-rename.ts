import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Deployment } from '../../contract/schemas.ts'
import { ApiError } from '../api/api-error.ts'
import { useApiMutation } from '../api/mutation.ts'
import { apiQuery } from '../api/query.ts'

/**
 * Renames a deployment, based on the revision that people see. `save` rejects with what to
 * show; after a refusal because someone else changed it, saving again replaces their change.
 */
export function useRename(deployment: Deployment): {
  save: (name: string) => Promise<void>
  isSaving: boolean
} {
  const client = useQueryClient()
  const params = { deploymentId: deployment.id }
  const query = apiQuery('getDeployment', { params })
  const [base, setBase] = useState(deployment.revision)
  const { mutateAsync, isPending } = useApiMutation('updateDeployment', {
    errorIn: 'form',
    invalidates: ['listDeployments', 'getDeployment'],
    onSuccess: (renamed) => {
      setBase(renamed.revision)
      client.setQueryData(query.queryKey, renamed)
    },
  })

  async function save(name: string): Promise<void> {
    try {
      await mutateAsync({ params, body: { name }, ifMatch: base })
    } catch (error) {
      if (!(error instanceof ApiError && error.isStale)) throw error
      const current = await client.fetchQuery({ ...query, staleTime: 0 })
      setBase(current.revision)
      throw new Error(
        `Someone renamed it to “${current.name}” in the meantime. Save again to replace that.`,
        { cause: error },
      )
    }
  }

  return { save, isSaving: isPending }
}
