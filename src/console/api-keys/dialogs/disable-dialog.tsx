import type { ApiKey } from '../../../contract/keys/schemas.ts'
import { useApiMutation } from '../../api/mutation.ts'
import { ConfirmDialog } from '../../ui/overlays/confirm-dialog.tsx'
import { showToast } from '../../ui/overlays/toast-store.ts'
import { keyQueries } from '../data/invalidated-queries.ts'
import { KeyName } from './facts.tsx'

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
  const { mutate, error, isPending } = useApiMutation('updateApiKey', {
    errorIn: 'dialog',
    invalidates: keyQueries,
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
      error={
        error?.isStale
          ? 'This key was changed meanwhile, so it was not disabled. Close this, look at it as it is now and disable it then.'
          : error?.message
      }
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
