import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Deployment } from '../../../contract/deployments/schemas.ts'
import { ApiError } from '../../api/api-error.ts'
import { useApiMutation } from '../../api/mutation.ts'
import { apiQuery } from '../../api/query.ts'

/**
 * Renames a deployment, based on the revision that is on screen. `rename` resolves to what went
 * wrong, for the name's field: '' where a dialog asks to sign in again, undefined once there is
 * nothing left to save. After someone else's rename it says so, and renames when called again.
 */
export function useRename(deployment: Deployment): {
  isSaving: boolean
  rename: (entry: string) => Promise<string | undefined>
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

  async function save(name: string): Promise<string | undefined> {
    try {
      await mutateAsync({ params, body: { name }, ifMatch: base })
      return undefined
    } catch (thrown) {
      if (!(thrown instanceof ApiError && thrown.isStale)) throw thrown
      const current = await client.fetchQuery({ ...query, staleTime: 0 })
      setBase(current.revision)
      return `Someone renamed it to “${current.name}” in the meantime. Save again to replace that.`
    }
  }

  async function rename(entry: string): Promise<string | undefined> {
    const name = entry.trim()
    if (name === deployment.name) return undefined
    if (name === '') return 'Give the deployment a name.'
    try {
      return await save(name)
    } catch (thrown) {
      if (thrown instanceof ApiError && thrown.isSignedOut) return ''
      return thrown instanceof Error ? thrown.message : String(thrown)
    }
  }

  return { isSaving: isPending, rename }
}
