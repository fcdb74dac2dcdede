import { useId } from 'react'
import { useForm } from 'react-hook-form'
import type { User } from '../../contract/accounts/schemas.ts'
import { useDiscardQuestion } from '../form/discard-question.tsx'
import { newPasswordHint, newPasswordRules } from '../people/new-password.ts'
import { Button } from '../ui/buttons/button.tsx'
import { InlineMessage } from '../ui/feedback/inline-message.tsx'
import { PasswordField } from '../ui/fields/password-field.tsx'
import { Dialog } from '../ui/overlays/dialog.tsx'
import { showToast } from '../ui/overlays/toast-store.ts'
import { useUserUpdate } from './use-user-update.ts'

/** Gives a user another password, such as when they forgot theirs. */
export function PasswordDialog({ user, onClose }: { user: User; onClose: () => void }) {
  const formId = useId()
  const { register, handleSubmit, formState } = useForm({ defaultValues: { password: '' } })
  const { requestClose, question } = useDiscardQuestion({ isDirty: formState.isDirty, onClose })
  const { update, error, fieldErrors, isPending } = useUserUpdate(user, () => {
    onClose()
    showToast('ok', `${user.username} has a new password. Their sessions have ended.`)
  })
  const refused = fieldErrors.find(({ field }) => field === 'password')?.detail
  const submit = handleSubmit(({ password }) => update({ password }))

  return (
    <Dialog
      title="Set new password"
      subtitle={user.username}
      size="sm"
      onRequestClose={requestClose}
      footer={
        question ?? (
          <>
            <Button onClick={onClose}>Cancel</Button>
            <Button type="submit" form={formId} variant="primary" loading={isPending}>
              Set password
            </Button>
          </>
        )
      }
    >
      <form id={formId} noValidate onSubmit={(event) => void submit(event)} className="space-y-4">
        <PasswordField
          label="New password"
          hint={newPasswordHint}
          autoComplete="new-password"
          required
          error={formState.errors.password?.message ?? refused}
          {...register('password', newPasswordRules)}
        />
        <p className="text-sm text-pretty text-muted">
          Every session of theirs ends. Hand the password over yourself; they can change it once
          they are in.
        </p>
        {error !== undefined && refused === undefined && (
          <InlineMessage tone="danger">{error}</InlineMessage>
        )}
      </form>
    </Dialog>
  )
}
