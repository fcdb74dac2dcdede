import { useEffect, useId, type ReactNode } from 'react'
import { useFormState, type FieldValues, type UseFormReturn } from 'react-hook-form'
import type { ApiError } from '../api/api-error.ts'
import { Button } from '../ui/buttons/button.tsx'
import { InlineMessage } from '../ui/feedback/inline-message.tsx'
import { Dialog } from '../ui/overlays/dialog.tsx'
import { useDiscardQuestion } from './discard-question.tsx'
import { placeFieldErrors, unplacedMessage } from './server-errors.ts'

/**
 * A modal dialog around a form of react-hook-form. The server's field errors go to their fields
 * and the first of them gets the focus; any other failure is said below the fields. Closing
 * with unsaved changes asks first, except by Cancel.
 */
export function FormDialog<Values extends FieldValues>({
  form,
  title,
  subtitle,
  size = 'md',
  submitLabel,
  disabledReason,
  isPending,
  submitError,
  staleMessage,
  asksBeforeDiscard = true,
  onSubmit,
  onClose,
  children,
}: {
  form: UseFormReturn<Values>
  title: string
  subtitle?: string
  size?: 'sm' | 'md'
  submitLabel: string
  /** Why the form can't be submitted as it stands. */
  disabledReason?: string | undefined
  isPending: boolean
  /** The failure of the last submission, as its mutation has it. */
  submitError: ApiError | null
  /** Replaces the server's message where someone else's change came first (412). */
  staleMessage?: string
  /** False for a dialog whose single choice is quickly made again. */
  asksBeforeDiscard?: boolean
  onSubmit: (values: Values) => void
  onClose: () => void
  children: ReactNode
}) {
  const id = useId()
  const { control, handleSubmit, getValues, setError } = form
  const { isDirty } = useFormState({ control })
  const { requestClose, question } = useDiscardQuestion({
    isDirty: asksBeforeDiscard && isDirty,
    onClose,
  })
  useEffect(() => {
    if (submitError) placeFieldErrors(submitError, { getValues, setError })
  }, [submitError, getValues, setError])
  const message =
    submitError?.isStale && staleMessage !== undefined
      ? staleMessage
      : submitError && unplacedMessage(submitError, getValues())

  return (
    <Dialog
      title={title}
      {...(subtitle !== undefined && { subtitle })}
      size={size}
      onRequestClose={requestClose}
      footer={
        question ?? (
          <>
            <Button onClick={onClose}>Cancel</Button>
            <Button
              type="submit"
              form={id}
              variant="primary"
              loading={isPending}
              disabledReason={disabledReason}
            >
              {submitLabel}
            </Button>
          </>
        )
      }
    >
      <form
        id={id}
        noValidate
        className={size === 'sm' ? 'space-y-4' : 'space-y-5'}
        onSubmit={(event) => {
          event.preventDefault()
          if (isPending || disabledReason !== undefined) return
          void handleSubmit(onSubmit)(event)
        }}
      >
        {children}
        {message !== null && message !== undefined && (
          <InlineMessage tone="danger">{message}</InlineMessage>
        )}
      </form>
    </Dialog>
  )
}
