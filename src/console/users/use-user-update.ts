import type { User, UserPatch } from '../../contract/accounts/schemas.ts'
import { useApiMutation } from '../api/mutation.ts'

export const STALE_USER =
  'This user was changed meanwhile, so nothing was saved. Close this and open it again to see how it is now.'

/** Updates a user, based on the version that is on screen. */
export function useUserUpdate(user: User, onSuccess: (updated: User) => void) {
  const { mutate, error, isPending } = useApiMutation('updateUser', {
    errorIn: 'form',
    invalidates: ['listUsers', 'getSession'],
    onSuccess,
  })
  const update = (body: UserPatch) =>
    mutate({ params: { userId: user.id }, ifMatch: user.version, body })
  return { update, error, isPending }
}
