import { useState } from 'react'
import type { ApiKey } from '../../../contract/keys/schemas.ts'
import { ConfirmDialog } from '../../ui/overlays/confirm-dialog.tsx'
import { showToast } from '../../ui/overlays/toast-store.ts'
import { formatAgo, formatMoment } from '../../ui/text/format.ts'
import { formatZonedTime } from '../../ui/text/zoned-time.ts'
import { Fact, FactList, KeyName } from './facts.tsx'
import { useKeyChange } from './use-key-change.ts'

const STALE =
  'This key was changed meanwhile, so its old secret was not ended. Close this, look at the key as it is now and end it then.'

/** Asks before the old secret of a rotated key ends early. */
export function EndOldSecretDialog({
  deploymentId,
  apiKey,
  onClose,
}: {
  deploymentId: string
  apiKey: ApiKey
  onClose: () => void
}) {
  const { appId, version, oldSecret } = apiKey
  const [now] = useState(() => Date.now())
  const { mutate, error, isPending } = useKeyChange('endOldSecret', {
    staleText: STALE,
    onSuccess: () => {
      onClose()
      showToast('ok', `The old secret of ${appId} is ended. Calls with it are refused from now on.`)
    },
  })
  return (
    <ConfirmDialog
      title="End Old Secret"
      confirmLabel="End now"
      loading={isPending}
      error={error}
      onCancel={onClose}
      onConfirm={() => mutate({ params: { deploymentId, appId }, ifMatch: version })}
    >
      <p>
        Calls with the old secret of <KeyName apiKey={apiKey} /> are refused from the next request
        on. The new secret stays as it is.
      </p>
      {oldSecret && (
        <FactList>
          <Fact name="Last used">
            {oldSecret.lastUsedAt === null ? (
              'Not since the rotation'
            ) : (
              <time dateTime={oldSecret.lastUsedAt} title={formatMoment(oldSecret.lastUsedAt)}>
                {formatAgo(oldSecret.lastUsedAt, now)}
              </time>
            )}
          </Fact>
          <Fact name="Ends by itself">{formatZonedTime(oldSecret.endsAt)}</Fact>
        </FactList>
      )}
    </ConfirmDialog>
  )
}
