import { useForm } from 'react-hook-form'
import type { User } from '../../contract/accounts/schemas.ts'
import { FormDialog } from '../form/form-dialog.tsx'
import { newPasswordHint, newPasswordRules } from '../people/new-password.ts'
import { PasswordField } from '../ui/fields/password-field.tsx'
import { showToast } from '../ui/overlays/toast-store.ts'
import { STALE_USER, useUserUpdate } from './use-user-update.ts'

/** Gives a user a new password, such as when they forgot theirs. */
export function PasswordDialog({ user, onClose }: { user: User; onClose: () => void }) {
  const form = useForm({ defaultValues: { password: '' } })
  const { update, error, isPending } = useUserUpdate(user, () => {
    onClose()
    showToast('ok', `${user.username} has a new password. Their sessions have ended.`)
  })

  return (
    <FormDialog
      form={form}
      title="Set new password"
      subtitle={user.username}
      size="sm"
      submitLabel="Set password"
      isPending={isPending}
      submitError={error}
      staleMessage={STALE_USER}
      onSubmit={update}
      onClose={onClose}
    >
      <PasswordField
        label="New password"
        hint={newPasswordHint}
        autoComplete="new-password"
        required
        error={form.formState.errors.password?.message}
        {...form.register('password', newPasswordRules)}
      />
      <p className="text-sm text-pretty text-muted">
        Every session of theirs ends. Hand the password over yourself; they can change it once they
        are in.
      </p>
    </FormDialog>
  )
}
