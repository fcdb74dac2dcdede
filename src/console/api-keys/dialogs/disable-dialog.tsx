import type { ApiKey } from '../../../contract/keys/schemas.ts'
import { ConfirmDialog } from '../../ui/overlays/confirm-dialog.tsx'
import { showToast } from '../../ui/overlays/toast-store.ts'
import { KeyName } from './facts.tsx'
import { useKeyChange } from './use-key-change.ts'

const STALE =
  'This key was changed meanwhile, so it was not disabled. Close this, look at it as it is now and disable it then.'

/** Asks before a key is disabled: its calls are refused from then on. It can be undone. */
export function DisableDialog({
  deploymentId,
  apiKey,
  onClose,
}: {
  deploymentId: string
  apiKey: ApiKey
  onClose: () => void
}) {
  const { appId, version } = apiKey
  const { mutate, error, isPending } = useKeyChange('updateApiKey', {
    staleText: STALE,
    onSuccess: () => {
      onClose()
      showToast('ok', `${appId} is disabled. Calls with it are refused from now on.`)
    },
  })
  return (
    <ConfirmDialog
      title="Disable API Key"
      confirmLabel="Disable"
      tone="plain"
      loading={isPending}
      error={error}
      onCancel={onClose}
      onConfirm={() =>
        mutate({ params: { deploymentId, appId }, ifMatch: version, body: { disabled: true } })
      }
    >
      <p>
        Calls with <KeyName apiKey={apiKey} /> are refused from the next request on. Nothing of it
        is lost: enable it again whenever you like.
      </p>
    </ConfirmDialog>
  )
}
