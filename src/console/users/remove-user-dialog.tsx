import type { User } from '../../contract/accounts/schemas.ts'
import { callApi } from '../api/client.ts'
import { useApiMutation } from '../api/mutation.ts'
import { useDeletion } from '../form/use-deletion.ts'
import { roleNames } from '../people/role-names.ts'
import { leaveForSignIn } from '../session/leave.ts'
import { ConfirmDialog } from '../ui/overlays/confirm-dialog.tsx'
import { showToast } from '../ui/overlays/toast-store.ts'

/** Asks before a user is removed; one that changed meanwhile is shown as it is now first. */
export function RemoveUserDialog({
  user,
  isOwn,
  onRemoved,
  onClose,
}: {
  user: User
  isOwn: boolean
  onRemoved: () => void
  onClose: () => void
}) {
  const params = { userId: user.id }
  const { mutateAsync } = useApiMutation('deleteUser', {
    errorIn: 'dialog',
    invalidates: ['listUsers'],
  })
  const { current, hasChanged, error, isPending, confirm } = useDeletion({
    shown: user,
    remove: ({ version }) => mutateAsync({ params, ifMatch: version }),
    load: () => callApi('getUser', { params }),
    onDeleted: () => {
      if (isOwn) return leaveForSignIn()
      showToast('ok', `${user.username} is removed.`)
      onRemoved()
    },
  })
  const changed = `This user was changed meanwhile and is ${roleNames[current.role].toLowerCase()} now. Remove them if you still want to.`

  return (
    <ConfirmDialog
      title={isOwn ? 'Remove yourself?' : `Remove ${user.username}?`}
      confirmLabel={hasChanged ? 'Remove anyway' : 'Remove user'}
      loading={isPending}
      error={error ?? (hasChanged ? changed : undefined)}
      onConfirm={confirm}
      onCancel={onClose}
    >
      <p>
        {isOwn
          ? 'Your sessions end at once, this one too, and you can’t sign in any more.'
          : 'Their sessions end at once, and they can’t sign in any more.'}
      </p>
      <p>
        {isOwn ? 'Automation tokens you made' : 'Automation tokens they made'} keep working: tokens
        belong to this installation. Activity keeps what {isOwn ? 'you' : 'they'} did.
      </p>
    </ConfirmDialog>
  )
}
