import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Deployment } from '../../../contract/deployments/schemas.ts'
import { DEPLOYMENT_NAME_MAX } from '../../../contract/http/limits.ts'
import { ApiError } from '../../api/api-error.ts'
import { useApiMutation } from '../../api/mutation.ts'
import { apiQuery } from '../../api/query.ts'
import { lengthError } from '../../form/text-length.ts'

/**
 * Renames a deployment, based on the revision that people see: the name as it is typed, what
 * is wrong with it, and how to save it. After a refusal because someone else changed it, saving
 * again replaces their change. `onDone` hears when there is nothing left to save.
 */
export function useRename(
  deployment: Deployment,
  onDone: () => void,
): {
  entry: string
  error: string | undefined
  isSaving: boolean
  type: (entry: string) => void
  submit: () => Promise<void>
} {
  const client = useQueryClient()
  const params = { deploymentId: deployment.id }
  const query = apiQuery('getDeployment', { params })
  const [entry, setEntry] = useState(deployment.name)
  const [error, setError] = useState<string>()
  const tooLong = lengthError(entry, DEPLOYMENT_NAME_MAX)
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
    } catch (thrown) {
      if (!(thrown instanceof ApiError && thrown.isStale)) throw thrown
      const current = await client.fetchQuery({ ...query, staleTime: 0 })
      setBase(current.revision)
      throw new Error(
        `Someone renamed it to “${current.name}” in the meantime. Save again to replace that.`,
        { cause: thrown },
      )
    }
  }

  async function submit(): Promise<void> {
    const wanted = entry.trim()
    if (isPending || tooLong !== undefined) return
    if (wanted === deployment.name) return onDone()
    if (wanted === '') return setError('Give the deployment a name.')
    try {
      await save(wanted)
      onDone()
    } catch (thrown) {
      // A dialog asks to sign in again.
      if (thrown instanceof ApiError && thrown.isSignedOut) return
      setError(thrown instanceof Error ? thrown.message : String(thrown))
    }
  }

  function type(next: string): void {
    setEntry(next)
    setError(undefined)
  }

  return { entry, error: error ?? tooLong, isSaving: isPending, type, submit }
}
