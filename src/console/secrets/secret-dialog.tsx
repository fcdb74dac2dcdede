import { useEffect, useRef, useState, type ReactNode } from 'react'
import { useLeaveQuestion } from '../form/use-leave-question.ts'
import { Button } from '../ui/buttons/button.tsx'
import { copyText, selectContents } from '../ui/buttons/copy-text.ts'
import { InlineMessage } from '../ui/feedback/inline-message.tsx'
import { CredentialField } from '../ui/fields/credential-field.tsx'
import { Dialog, type CloseReason } from '../ui/overlays/dialog.tsx'
import { SnippetTabs, type Snippet } from './snippet-tabs.tsx'

/** What stands between the secret and its loss. */
type Guard = 'untouched' | 'asked' | 'taken'

/** A text to take down, named by its label; the secret itself is one of them. */
export type Credential = { label: string; value: string; isSecret?: boolean }

/**
 * The one time a secret is shown. A click outside never closes it; Esc, Close and what leaves
 * the page ask once while nothing was copied or downloaded.
 */
export function SecretDialog({
  title,
  subtitle,
  warning,
  credentials,
  lines,
  linesText,
  snippets,
  children,
  onCopied,
  onClose,
}: {
  title: string
  subtitle: string
  /** What to do now, and why not later. */
  warning: string
  credentials: readonly Credential[]
  /** What "Copy and close" takes. */
  lines: string
  /** What is said about these lines. */
  linesText: ReactNode
  snippets: readonly Snippet[]
  /** Stands below everything else. */
  children?: ReactNode
  /** "Copy and close" has copied; it closes next. */
  onCopied: () => void
  onClose: () => void
}) {
  const [guard, setGuard] = useState<Guard>('untouched')
  const [copyFailed, setCopyFailed] = useState(false)
  const fields = useRef<HTMLDivElement>(null)
  const take = () => setGuard('taken')
  const secrets = credentials.filter(({ isSecret }) => isSecret)
  useEffect(ignoreHeldEscape, [])
  // A second Back, in haste, is no answer.
  useLeaveQuestion({ wouldLose: guard !== 'taken', ask: () => setGuard('asked') })

  function requestClose(reason: CloseReason): void {
    if (reason === 'scrim') return
    if (guard === 'untouched') setGuard('asked')
    else onClose()
  }

  async function copyAndClose(): Promise<void> {
    if (await copyText(lines)) {
      onCopied()
      return onClose()
    }
    setCopyFailed(true)
    if (fields.current) selectContents(fields.current)
  }

  return (
    <Dialog
      title={title}
      subtitle={subtitle}
      closeButton={false}
      initialFocus={fields}
      onRequestClose={requestClose}
      footer={
        <>
          {guard === 'asked' ? (
            <InlineMessage tone="danger" className="basis-full">
              The secret can&apos;t be shown again, and nothing was copied or downloaded yet.
            </InlineMessage>
          ) : (
            <p className="min-w-0 flex-1 basis-full text-sm text-pretty text-muted sm:basis-44">
              {linesText}
            </p>
          )}
          <Button
            variant={guard === 'asked' ? 'danger' : 'secondary'}
            // The second click of a double click must not answer the question.
            onClick={(event) => event.detail < 2 && requestClose('close')}
          >
            {guard === 'asked' ? 'Close without copying' : 'Close'}
          </Button>
          <Button variant="primary" onClick={() => void copyAndClose()}>
            Copy and close
          </Button>
        </>
      }
    >
      <div
        className="space-y-4"
        onCopy={() => {
          const selected = document.getSelection()?.toString() ?? ''
          if (secrets.some(({ value }) => selected.includes(value))) take()
        }}
      >
        <InlineMessage tone="warn">{warning}</InlineMessage>
        <div ref={fields} tabIndex={-1} className="space-y-3 outline-none">
          {credentials.map(({ label, value, isSecret }) => (
            <CredentialField
              key={label}
              label={label}
              value={value}
              {...(isSecret && { onCopied: take })}
            />
          ))}
        </div>
        {copyFailed && (
          <InlineMessage tone="danger">
            The browser refused to copy. {credentials.map(({ label }) => label).join(' and ')}{' '}
            {credentials.length > 1 ? 'are' : 'is'} selected: copy with the keyboard or the menu of
            the selection.
          </InlineMessage>
        )}
        <SnippetTabs snippets={snippets} onTaken={take} />
        {children}
      </div>
    </Dialog>
  )
}

/** A key held down must not ask and answer in one press. */
function ignoreHeldEscape(): () => void {
  function stop(event: KeyboardEvent): void {
    if (event.key === 'Escape' && event.repeat) event.stopImmediatePropagation()
  }
  window.addEventListener('keydown', stop, { capture: true })
  return () => window.removeEventListener('keydown', stop, { capture: true })
}
