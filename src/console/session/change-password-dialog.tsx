import { useId, useState } from 'react'
import { useForm } from 'react-hook-form'
import { useApiMutation } from '../api/mutation.ts'
import { useDiscardQuestion } from '../form/discard-question.tsx'
import { placeServerErrors } from '../form/server-errors.ts'
import { newPasswordHint, newPasswordRules } from '../people/new-password.ts'
import { Button } from '../ui/buttons/button.tsx'
import { InlineMessage } from '../ui/feedback/inline-message.tsx'
import { PasswordField } from '../ui/fields/password-field.tsx'
import { Dialog } from '../ui/overlays/dialog.tsx'
import { showToast } from '../ui/overlays/toast-store.ts'

type Values = { currentPassword: string; newPassword: string }

/** Changes one's own password; this session stays, every other ends. */
export function ChangePasswordDialog({ onClose }: { onClose: () => void }) {
  const formId = useId()
  const [submitError, setSubmitError] = useState<string>()
  const { register, handleSubmit, setError, formState } = useForm<Values>({
    defaultValues: { currentPassword: '', newPassword: '' },
  })
  const { errors, isDirty } = formState
  const { requestClose, question } = useDiscardQuestion({ isDirty, onClose })
  const change = useApiMutation('changePassword', {
    errorIn: 'form',
    invalidates: [],
    onSuccess: () => {
      onClose()
      showToast('ok', 'Your password is changed. Your other sessions have ended.')
    },
  })

  const submit = handleSubmit((body) => {
    setSubmitError(undefined)
    change.mutate(
      { body },
      {
        onError: (error) =>
          setSubmitError(placeServerErrors(error, ['currentPassword', 'newPassword'], setError)),
      },
    )
  })

  return (
    <Dialog
      title="Change password"
      size="sm"
      onRequestClose={requestClose}
      footer={
        question ?? (
          <>
            <Button onClick={onClose}>Cancel</Button>
            <Button type="submit" form={formId} variant="primary" loading={change.isPending}>
              Change password
            </Button>
          </>
        )
      }
    >
      <form id={formId} noValidate onSubmit={(event) => void submit(event)} className="space-y-4">
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
        {submitError !== undefined && <InlineMessage tone="danger">{submitError}</InlineMessage>}
      </form>
    </Dialog>
  )
}
