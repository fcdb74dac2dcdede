import { useEffect, useRef, useState } from 'react'
import { planRules } from '../../../contract/plans.ts'
import type { ApiKey, Deployment } from '../../../contract/schemas.ts'
import { Button } from '../../ui/button.tsx'
import { copyText, selectContents } from '../../ui/copy-text.ts'
import { Dialog, type CloseReason } from '../../ui/dialog.tsx'
import { InlineMessage } from '../../ui/inline-message.tsx'
import { showToast } from '../../ui/toast-store.ts'
import type { CatalogView } from '../catalog-view.ts'
import { CredentialField } from './credential-field.tsx'
import { KeyTest } from './key-test.tsx'
import { planTest, sampleOperation } from './sample-operation.ts'
import { credentialLines } from './snippets.ts'
import { Usage } from './usage.tsx'

/** What stands between the secret and its loss. */
type Guard = 'untouched' | 'asked' | 'taken'

/**
 * The one time an App Secret is shown. A click outside never closes it; Esc and Close ask
 * once while nothing was copied or downloaded.
 */
export function CreatedDialog({
  deployment,
  catalog,
  apiKey,
  appSecret,
  onClose,
}: {
  deployment: Deployment
  catalog: CatalogView | undefined
  apiKey: ApiKey
  appSecret: string
  onClose: () => void
}) {
  const [guard, setGuard] = useState<Guard>('untouched')
  const [copyFailed, setCopyFailed] = useState(false)
  const fields = useRef<HTMLDivElement>(null)
  const { appId, note, access } = apiKey
  const credentials = { appId, appSecret, apiBaseUrl: deployment.apiBaseUrl }
  const plan = catalog && planTest(access, catalog)
  const take = () => setGuard('taken')
  useEffect(ignoreHeldEscape, [])

  function requestClose(reason: CloseReason): void {
    if (reason === 'scrim') return
    if (guard === 'untouched') setGuard('asked')
    else onClose()
  }

  async function copyAndClose(): Promise<void> {
    if (await copyText(credentialLines(credentials))) {
      showToast('ok', `App ID and App Secret of ${appId} copied.`)
      return onClose()
    }
    setCopyFailed(true)
    if (fields.current) selectContents(fields.current)
  }

  return (
    <Dialog
      title="API Key Created"
      subtitle={[note, deployment.name, planRules(deployment).label].filter(Boolean).join(' · ')}
      closeButton={false}
      initialFocus={fields}
      onRequestClose={requestClose}
      footer={
        <>
          {guard === 'asked' && (
            <InlineMessage tone="danger" className="basis-full">
              The secret can&apos;t be shown again, and nothing was copied or downloaded yet.
            </InlineMessage>
          )}
          {guard !== 'asked' && (
            <p className="min-w-0 flex-1 basis-full text-sm text-pretty text-muted sm:basis-44">
              Copies two lines, <code className="font-mono">APP_ID=…</code> and{' '}
              <code className="font-mono">APP_SECRET=…</code>
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
          if (document.getSelection()?.toString().includes(appSecret)) take()
        }}
      >
        <InlineMessage tone="warn">
          Copy the App Secret now. It is shown only this once.
        </InlineMessage>
        <div ref={fields} tabIndex={-1} className="space-y-3 outline-none">
          <CredentialField label="App ID" value={appId} />
          <CredentialField label="App Secret" value={appSecret} onCopied={take} />
        </div>
        {copyFailed && (
          <InlineMessage tone="danger">
            The browser refused to copy. App ID and App Secret are selected: copy them with the
            keyboard or the menu of the selection.
          </InlineMessage>
        )}
        <Usage
          credentials={credentials}
          sample={catalog && sampleOperation(access, catalog)}
          onTaken={take}
        />
        {plan && <KeyTest plan={plan} credentials={credentials} />}
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
