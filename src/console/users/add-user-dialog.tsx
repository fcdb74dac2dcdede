import { useForm } from 'react-hook-form'
import type { UserInput } from '../../contract/accounts/schemas.ts'
import { USERNAME_MAX } from '../../contract/http/limits.ts'
import { useApiMutation } from '../api/mutation.ts'
import { FormDialog } from '../form/form-dialog.tsx'
import { newPasswordHint, newPasswordRules } from '../people/new-password.ts'
import { RoleChoice } from '../people/role-choice.tsx'
import { TextField } from '../ui/fields/field.tsx'
import { PasswordField } from '../ui/fields/password-field.tsx'
import { showToast } from '../ui/overlays/toast-store.ts'

/** Adds a user who signs in with a user name and a password. */
export function AddUserDialog({ onClose }: { onClose: () => void }) {
  const form = useForm<UserInput>({
    defaultValues: { username: '', password: '', role: 'viewer' },
  })
  const { register } = form
  const { errors } = form.formState
  const create = useApiMutation('createUser', {
    errorIn: 'form',
    invalidates: ['listUsers'],
    onSuccess: ({ username }) => {
      onClose()
      showToast('ok', `${username} is added and can sign in now.`)
    },
  })

  return (
    <FormDialog
      form={form}
      title="Add user"
      subtitle="Hand over user name and password yourself; nothing is mailed."
      submitLabel="Add user"
      isPending={create.isPending}
      submitError={create.error}
      onSubmit={(user) => create.mutate({ body: { ...user, username: user.username.trim() } })}
      onClose={onClose}
    >
      <TextField
        label="User name"
        hint="Lower-case letters, digits and . _ @ -"
        maxLength={USERNAME_MAX}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        required
        error={errors.username?.message}
        {...register('username', { required: 'Give the user a name to sign in with.' })}
      />
      <RoleChoice error={errors.role?.message} {...register('role')} />
      <PasswordField
        label="Password"
        hint={`${newPasswordHint} They can change it once they are in.`}
        autoComplete="new-password"
        required
        error={errors.password?.message}
        {...register('password', newPasswordRules)}
      />
    </FormDialog>
  )
}
