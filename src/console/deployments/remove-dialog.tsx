import type { Deployment } from '../../contract/schemas.ts'
import { useApiMutation } from '../api/mutation.ts'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { formatQuantity } from '../ui/format.ts'
import { showToast } from '../ui/toast-store.ts'

/** Removes a deployment, after its name was typed. */
export function RemoveDialog({
  deployment,
  onClose,
  onRemoved,
}: {
  deployment: Deployment
  onClose: () => void
  onRemoved: () => void
}) {
  const { id, name, apiKeyCount, backend } = deployment
  const remove = useApiMutation('deleteDeployment', {
    errorIn: 'dialog',
    invalidates: ['listDeployments'],
    onSuccess: () => {
      showToast('ok', `${name} is removed.`)
      onRemoved()
    },
  })

  return (
    <ConfirmDialog
      title={`Remove ${name}?`}
      confirmLabel="Remove deployment"
      typed={{ text: name, what: 'the deployment’s name' }}
      loading={remove.isPending}
      error={remove.error?.message}
      onCancel={onClose}
      onConfirm={() =>
        remove.mutate({ params: { deploymentId: id }, ifMatch: deployment.revision })
      }
    >
      <p>
        {apiKeyCount === 0
          ? 'It has no API keys. '
          : `${apiKeyCount === 1 ? 'Its API key stops' : `Its ${formatQuantity(apiKeyCount, 'API key')} stop`} working at once and can’t be brought back. `}
        {backend.kind === 'embedded'
          ? 'Its broker stops: clients are disconnected and retained messages are lost.'
          : 'EMQX itself keeps running, with its clients and data.'}
      </p>
    </ConfirmDialog>
  )
}
