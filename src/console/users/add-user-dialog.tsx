import { useId, useState } from 'react'
import { useForm } from 'react-hook-form'
import type { UserInput } from '../../contract/accounts/schemas.ts'
import { USERNAME_MAX } from '../../contract/http/limits.ts'
import { useApiMutation } from '../api/mutation.ts'
import { useDiscardQuestion } from '../form/discard-question.tsx'
import { placeServerErrors } from '../form/server-errors.ts'
import { newPasswordHint, newPasswordRules } from '../people/new-password.ts'
import { RoleChoice } from '../people/role-choice.tsx'
import { Button } from '../ui/buttons/button.tsx'
import { InlineMessage } from '../ui/feedback/inline-message.tsx'
import { TextField } from '../ui/fields/field.tsx'
import { PasswordField } from '../ui/fields/password-field.tsx'
import { Dialog } from '../ui/overlays/dialog.tsx'
import { showToast } from '../ui/overlays/toast-store.ts'

/** Adds someone who signs in with a user name and a password. */
export function AddUserDialog({ onClose }: { onClose: () => void }) {
  const formId = useId()
  const [submitError, setSubmitError] = useState<string>()
  const { register, handleSubmit, setError, formState } = useForm<UserInput>({
    defaultValues: { username: '', password: '', role: 'viewer' },
  })
  const { errors, isDirty } = formState
  const { requestClose, question } = useDiscardQuestion({ isDirty, onClose })
  const create = useApiMutation('createUser', {
    errorIn: 'form',
    invalidates: ['listUsers'],
    onSuccess: ({ username }) => {
      onClose()
      showToast('ok', `${username} is added and can sign in now.`)
    },
  })

  const submit = handleSubmit((values) => {
    setSubmitError(undefined)
    create.mutate(
      { body: { ...values, username: values.username.trim() } },
      {
        onError: (error) =>
          setSubmitError(placeServerErrors(error, ['username', 'password', 'role'], setError)),
      },
    )
  })

  return (
    <Dialog
      title="Add user"
      subtitle="Hand over user name and password yourself; nothing is mailed."
      onRequestClose={requestClose}
      footer={
        question ?? (
          <>
            <Button onClick={onClose}>Cancel</Button>
            <Button type="submit" form={formId} variant="primary" loading={create.isPending}>
              Add user
            </Button>
          </>
        )
      }
    >
      <form id={formId} noValidate onSubmit={(event) => void submit(event)} className="space-y-5">
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
        {submitError !== undefined && <InlineMessage tone="danger">{submitError}</InlineMessage>}
      </form>
    </Dialog>
  )
}
