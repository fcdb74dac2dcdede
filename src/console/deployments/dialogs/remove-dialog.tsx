import type { Deployment } from '../../../contract/deployments/schemas.ts'
import { callApi } from '../../api/client.ts'
import { useApiMutation } from '../../api/mutation.ts'
import { useDeletion } from '../../form/use-deletion.ts'
import { ConfirmDialog } from '../../ui/overlays/confirm-dialog.tsx'
import { showToast } from '../../ui/overlays/toast-store.ts'
import { formatQuantity } from '../../ui/text/format.ts'

/**
 * Removes a deployment, after its name was typed. When it changed since, the dialog shows it as
 * it is now and asks again, with what was typed still there.
 */
export function RemoveDialog({
  deployment,
  onClose,
  onRemoved,
}: {
  deployment: Deployment
  onClose: () => void
  onRemoved: () => void
}) {
  const params = { deploymentId: deployment.id }
  const { mutateAsync } = useApiMutation('deleteDeployment', {
    errorIn: 'dialog',
    invalidates: ['listDeployments'],
  })
  const { current, hasChanged, error, isPending, confirm } = useDeletion({
    shown: deployment,
    remove: ({ revision }) => mutateAsync({ params, ifMatch: revision }),
    load: () => callApi('getDeployment', { params }),
    onDeleted: () => {
      showToast('ok', `${current.name} is removed.`)
      onRemoved()
    },
  })
  const { name, apiKeyCount, backend } = current

  function changeText(): string | undefined {
    if (!hasChanged) return undefined
    return name === deployment.name
      ? 'It was changed meanwhile, so it was not removed. It is shown as it is now: remove it if you still want to.'
      : `It was renamed to “${name}” meanwhile, so it was not removed. Type the new name if you still want to remove it.`
  }

  return (
    <ConfirmDialog
      title={`Remove ${name}?`}
      confirmLabel={hasChanged ? 'Remove anyway' : 'Remove deployment'}
      typed={{ text: name, what: 'the deployment’s name' }}
      loading={isPending}
      error={error ?? changeText()}
      onCancel={onClose}
      onConfirm={confirm}
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
