import { useId, useState } from 'react'
import { oldSecretGraces } from '../../../contract/http/limits.ts'
import type { ApiKey, CreatedApiKey } from '../../../contract/keys/schemas.ts'
import { Choices } from '../../form/choices.tsx'
import { Button } from '../../ui/buttons/button.tsx'
import { InlineMessage } from '../../ui/feedback/inline-message.tsx'
import { Dialog } from '../../ui/overlays/dialog.tsx'
import { formatZonedTime } from '../../ui/text/zoned-time.ts'
import { gracePeriodLabels, oldSecretEndsAt, type GracePeriod } from './old-secret-grace.ts'
import { useKeyChange } from './use-key-change.ts'

const STALE =
  'This key was changed meanwhile, so its secret is still the same. Close this, look at the key as it is now and rotate it then.'

/** Asks how long the old secret keeps working, and gives the key a new one. */
export function RotateDialog({
  deploymentId,
  apiKey: { appId, note, version, expiresAt, oldSecret, status },
  onRotated,
  onClose,
}: {
  deploymentId: string
  apiKey: ApiKey
  onRotated: (rotated: CreatedApiKey) => void
  onClose: () => void
}) {
  const [grace, setGrace] = useState<GracePeriod>(86_400)
  const [now] = useState(() => Date.now())
  const formId = useId()
  const { mutate, error, isPending } = useKeyChange('rotateApiKey', {
    staleText: STALE,
    onSuccess: onRotated,
  })
  const end = oldSecretEndsAt(grace, expiresAt, now)

  return (
    <Dialog
      title="Rotate App Secret"
      subtitle={note === '' ? appId : `${appId} · ${note}`}
      size="sm"
      onRequestClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form={formId} variant="primary" loading={isPending}>
            Rotate
          </Button>
        </>
      }
    >
      <form
        id={formId}
        noValidate
        className="space-y-4"
        onSubmit={(event) => {
          event.preventDefault()
          if (isPending) return
          const params = { deploymentId, appId }
          mutate({ params, ifMatch: version, body: { keepOldSecretFor: grace } })
        }}
      >
        <p className="text-pretty text-muted">
          The key gets a new secret under the same App ID and keeps all else. Both secrets open it
          until the old one ends.
        </p>
        <Choices legend="End the old secret">
          <div className="flex flex-wrap gap-x-5 gap-y-1">
            {oldSecretGraces.map((one) => (
              <label key={one} className="inline-flex h-6 cursor-pointer items-center gap-2">
                <input
                  type="radio"
                  name={`${formId}-grace`}
                  className="radio"
                  checked={one === grace}
                  onChange={() => setGrace(one)}
                />
                {gracePeriodLabels[one]}
              </label>
            ))}
          </div>
          <p aria-live="polite" className="mt-1.5 text-sm text-pretty text-muted">
            {grace === 0
              ? 'Calls with the old secret are refused as soon as the new one is there.'
              : `Calls with the old secret are refused from ${formatZonedTime(end)} on.`}
            {grace > 0 && end === expiresAt && (
              <> The key itself expires then: grace never outlives the expiry.</>
            )}
          </p>
        </Choices>
        {oldSecret && (
          <InlineMessage tone="warn">
            An older secret is still good until {formatZonedTime(oldSecret.endsAt)}. Rotating ends
            it at once.
          </InlineMessage>
        )}
        {status !== 'active' && (
          <InlineMessage tone="neutral">
            {status === 'disabled'
              ? 'This key is disabled. The new secret works once it is enabled.'
              : 'This key has expired. The new secret works once it has a later expiry.'}
          </InlineMessage>
        )}
        {error !== undefined && <InlineMessage tone="danger">{error}</InlineMessage>}
      </form>
    </Dialog>
  )
}
