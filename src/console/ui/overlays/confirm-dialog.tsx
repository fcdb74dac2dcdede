import { AlertDialog as Radix } from 'radix-ui'
import { useEffect, useId, useRef, useState, type ReactNode } from 'react'
import { Button } from '../buttons/button.tsx'
import { InlineMessage } from '../feedback/inline-message.tsx'
import { TextInput } from '../fields/field.tsx'
import { useFocusReturn } from '../focus/use-focus-return.ts'
import { holdsEscape } from './dialog-dismissal.ts'

/**
 * Asks before something that can't be undone, or that stops what others rely on. Cancel has the focus; a failure is shown
 * inside and the dialog stays. With `typed`, the named text has to be typed first.
 */
export function ConfirmDialog({
  title,
  children,
  confirmLabel,
  cancelLabel = 'Cancel',
  tone = 'danger',
  loading = false,
  error,
  typed,
  instead,
  onConfirm,
  onCancel,
}: {
  title: string
  /** What happens, to what, and what is lost. */
  children: ReactNode
  confirmLabel: string
  cancelLabel?: string
  /** `plain` for what can be taken back. */
  tone?: 'danger' | 'plain'
  loading?: boolean
  error?: string | undefined
  /** Text to type before confirming, and the words that name it: "the deployment's name". */
  typed?: { text: string; what: string }
  /** What is the better thing to do first: it becomes the main button, and asks for nothing. */
  instead?: { label: string; loading: boolean; onPress: () => void } | undefined
  onConfirm: () => void
  onCancel: () => void
}) {
  const [entry, setEntry] = useState('')
  const fieldId = useId()
  const { content, onCloseAutoFocus } = useFocusReturn()
  const cancel = useRef<HTMLButtonElement>(null)
  const hasInstead = instead !== undefined
  const hadInstead = useRef(hasInstead)
  useEffect(() => {
    // What was pressed is gone; nothing else of the dialog has the focus then.
    if (hadInstead.current && !hasInstead) cancel.current?.focus()
    hadInstead.current = hasInstead
  }, [hasInstead])
  const isBusy = loading || instead?.loading === true
  const isMissing = typed !== undefined && entry.trim() !== typed.text.trim()

  return (
    <Radix.Root open>
      <Radix.Portal>
        <Radix.Overlay className="scrim-enter fixed inset-0 z-40 bg-scrim" />
        <Radix.Content
          ref={content}
          onCloseAutoFocus={onCloseAutoFocus}
          className="overlay-enter fixed inset-x-4 top-[max(1rem,18dvh)] z-50 mx-auto max-w-[27rem] rounded-lg bg-overlay text-ink shadow-overlay outline-none"
          onEscapeKeyDown={(event) => {
            event.preventDefault()
            if (!holdsEscape(event) && !isBusy) onCancel()
          }}
        >
          <form
            noValidate
            className="flex max-h-[calc(82dvh-1rem)] flex-col"
            onSubmit={(event) => {
              event.preventDefault()
              if (!isMissing && !isBusy) onConfirm()
            }}
          >
            <div className="min-h-0 overflow-y-auto px-5 pt-5 pb-4">
              <Radix.Title className="text-lg font-semibold wrap-anywhere">{title}</Radix.Title>
              <Radix.Description asChild>
                <div className="mt-2 space-y-2 text-muted wrap-anywhere">{children}</div>
              </Radix.Description>
              {typed && (
                <div className="mt-4">
                  <label htmlFor={fieldId} className="mb-1.5 block wrap-anywhere">
                    Type {typed.what}, <strong className="font-semibold">{typed.text}</strong>
                  </label>
                  <TextInput
                    id={fieldId}
                    value={entry}
                    autoComplete="off"
                    spellCheck={false}
                    onChange={(event) => setEntry(event.target.value)}
                  />
                </div>
              )}
              {error !== undefined && (
                <InlineMessage tone="danger" className="mt-4">
                  {error}
                </InlineMessage>
              )}
            </div>
            <footer className="flex flex-wrap justify-end gap-2 border-t border-line-soft px-5 py-3">
              <Radix.Cancel asChild>
                <Button
                  ref={cancel}
                  onClick={onCancel}
                  {...(isBusy && { disabledReason: 'Under way' })}
                >
                  {cancelLabel}
                </Button>
              </Radix.Cancel>
              <Button
                type="submit"
                variant={instead ? 'secondary' : tone === 'danger' ? 'danger' : 'primary'}
                {...(instead && tone === 'danger' && { className: 'text-danger-ink!' })}
                loading={loading}
                disabledReason={
                  isMissing
                    ? `Type ${typed.what} first`
                    : instead?.loading
                      ? 'Under way'
                      : undefined
                }
              >
                {confirmLabel}
              </Button>
              {instead && (
                <Button
                  variant="primary"
                  loading={instead.loading}
                  {...(loading && { disabledReason: 'Under way' })}
                  onClick={instead.onPress}
                >
                  {instead.label}
                </Button>
              )}
            </footer>
          </form>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
