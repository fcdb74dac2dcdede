import { useMutation, useQueryClient, type UseMutationResult } from '@tanstack/react-query'
import { showToast } from '../ui/overlays/toast-store.ts'
import type { ApiError } from './api-error.ts'
import { callApi } from './client.ts'
import { invalidate } from './query.ts'
import type { RouteInput, MutationName, RouteOutput, QueryName } from './route-types.ts'
import { useResetOnSignIn } from './use-reset-on-sign-in.ts'

type Options<Name extends MutationName> = {
  /** What this change outdates, and what someone else's has where this one comes too late. */
  invalidates: readonly QueryName[]
  onSuccess?: (answer: RouteOutput<Name>, input: RouteInput<Name>) => void
} & (
  | {
      /** The form or dialog shows `error` itself, and must: nothing else does. */
      errorIn: 'form' | 'dialog'
    }
  | {
      errorIn: 'toast'
      /** What didn't happen: "Latchkey didn’t rename the deployment." */
      errorTitle: string
    }
)

/**
 * A change through the management API. Each use chooses where its error shows, and it shows
 * there alone. Nothing of it stays in a cache once its component is gone.
 */
export function useApiMutation<Name extends MutationName>(
  name: Name,
  options: Options<Name>,
): UseMutationResult<RouteOutput<Name>, ApiError, RouteInput<Name>> {
  const client = useQueryClient()
  const mutation = useMutation<RouteOutput<Name>, ApiError, RouteInput<Name>>({
    mutationKey: [name],
    mutationFn: (input) => callApi(name, input),
    gcTime: 0,
    onSuccess(answer, input) {
      options.onSuccess?.(answer, input)
      // Not awaited: the change is done, whatever becomes of loading the lists again.
      void invalidate(client, ...options.invalidates)
    },
    onError(error) {
      // What is on screen is outdated: it was changed, or has gone.
      if (error.isStale || error.isNotFound) void invalidate(client, ...options.invalidates)
      // The role isn't what this page was drawn for.
      if (error.isForbidden) void invalidate(client, 'getSession')
      if (options.errorIn === 'toast') showToast('danger', `${options.errorTitle} ${error.message}`)
    },
  })
  useResetOnSignIn(mutation)
  return mutation
}
