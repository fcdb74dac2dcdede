import type { User, UserPatch } from '../../contract/accounts/schemas.ts'
import { useApiMutation } from '../api/mutation.ts'

const STALE =
  'This user was changed meanwhile, so nothing was saved. Close this and open it again to see how it is now.'

/** Changes a user in the version that people see; says what was in the way. */
export function useUserUpdate(user: User, onDone: () => void) {
  const { mutate, error, isPending } = useApiMutation('updateUser', {
    errorIn: 'form',
    invalidates: ['listUsers', 'getSession'],
    onSuccess: onDone,
  })
  return {
    update: (body: UserPatch) =>
      mutate({ params: { userId: user.id }, ifMatch: user.version, body }),
    error: error?.isStale ? STALE : error?.message,
    fieldErrors: error?.fieldErrors ?? [],
    isPending,
  }
}
