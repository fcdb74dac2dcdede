import { useForm, useWatch } from 'react-hook-form'
import type { User } from '../../contract/accounts/schemas.ts'
import { FormDialog } from '../form/form-dialog.tsx'
import { RoleChoice } from '../people/role-choice.tsx'
import { roleNames } from '../people/role-names.ts'
import { showToast } from '../ui/overlays/toast-store.ts'
import { STALE_USER, useUserUpdate } from './use-user-update.ts'

/** Changes a user's role. */
export function RoleDialog({ user, onClose }: { user: User; onClose: () => void }) {
  const form = useForm({ defaultValues: { role: user.role } })
  const role = useWatch({ control: form.control, name: 'role' })
  const { update, error, isPending } = useUserUpdate(user, (updated) => {
    onClose()
    showToast('ok', `${user.username} is ${roleNames[updated.role].toLowerCase()} from now on.`)
  })

  return (
    <FormDialog
      form={form}
      title="Change role"
      subtitle={user.username}
      size="sm"
      submitLabel="Change role"
      disabledReason={role === user.role ? 'This is the role they have' : undefined}
      isPending={isPending}
      submitError={error}
      staleMessage={STALE_USER}
      asksBeforeDiscard={false}
      onSubmit={update}
      onClose={onClose}
    >
      <RoleChoice {...form.register('role')} />
      <p className="text-sm text-pretty text-muted">
        It holds from their next request on; they stay signed in.
      </p>
    </FormDialog>
  )
}
