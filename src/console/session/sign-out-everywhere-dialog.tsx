import { useApiMutation } from '../api/mutation.ts'
import { ConfirmDialog } from '../ui/overlays/confirm-dialog.tsx'
import { leaveForSignIn } from './leave.ts'

/** Asks before every session of the one who is signed in ends. */
export function SignOutEverywhereDialog({ onClose }: { onClose: () => void }) {
  const { mutate, error, isPending } = useApiMutation('deleteSessions', {
    errorIn: 'dialog',
    invalidates: [],
    onSuccess: leaveForSignIn,
  })
  return (
    <ConfirmDialog
      title="Sign out everywhere?"
      confirmLabel="Sign out everywhere"
      loading={isPending}
      error={error?.message}
      onCancel={onClose}
      onConfirm={() => mutate({})}
    >
      <p>
        Every session of yours ends at once, in this browser and in all others. Automation tokens
        keep working.
      </p>
    </ConfirmDialog>
  )
}
