import { useForm } from 'react-hook-form'
import { useApiMutation } from '../api/mutation.ts'
import { FormDialog } from '../form/form-dialog.tsx'
import { newPasswordHint, newPasswordRules } from '../people/new-password.ts'
import { PasswordField } from '../ui/fields/password-field.tsx'
import { showToast } from '../ui/overlays/toast-store.ts'

/** Changes the user's own password; this session stays, all others end. */
export function ChangePasswordDialog({ onClose }: { onClose: () => void }) {
  const form = useForm({ defaultValues: { currentPassword: '', newPassword: '' } })
  const { register } = form
  const { errors } = form.formState
  const change = useApiMutation('changePassword', {
    errorIn: 'form',
    invalidates: [],
    onSuccess: () => {
      onClose()
      showToast('ok', 'Your password is changed. Your other sessions have ended.')
    },
  })

  return (
    <FormDialog
      form={form}
      title="Change password"
      size="sm"
      submitLabel="Change password"
      isPending={change.isPending}
      submitError={change.error}
      onSubmit={(body) => change.mutate({ body })}
      onClose={onClose}
    >
      <PasswordField
        label="Current password"
        autoComplete="current-password"
        required
        error={errors.currentPassword?.message}
        {...register('currentPassword', { required: 'Type the password you have now.' })}
      />
      <PasswordField
        label="New password"
        autoComplete="new-password"
        hint={newPasswordHint}
        required
        error={errors.newPassword?.message}
        {...register('newPassword', newPasswordRules)}
      />
    </FormDialog>
  )
}
