import type { ApiKey } from '../../contract/schemas.ts'
import { callApi } from '../api/client.ts'
import { useApiMutation } from '../api/mutation.ts'
import { useDeletion } from '../form/use-deletion.ts'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'

const CHANGED =
  'This key was changed meanwhile, so it was not deleted. It is shown as it is now: delete it if you still want to.'

/**
 * Asks before a key is deleted. When the key changed since it was listed, the dialog shows it
 * as it is now and asks again: people delete what they have seen.
 */
export function DeleteDialog({
  deploymentId,
  apiKey,
  replacedBy,
  onDeleted,
  onCancel,
}: {
  deploymentId: string
  apiKey: ApiKey
  /** The App ID of the key made in its place. */
  replacedBy?: string | undefined
  onDeleted: (appId: string) => void
  onCancel: () => void
}) {
  const params = { deploymentId, appId: apiKey.appId }
  const { mutateAsync } = useApiMutation('deleteApiKey', {
    errorIn: 'dialog',
    invalidates: ['listApiKeys', 'getDeployment', 'listDeployments'],
  })
  const { current, hasChanged, error, isPending, confirm } = useDeletion({
    shown: apiKey,
    remove: ({ version }) => mutateAsync({ params, ifMatch: version }),
    load: () => callApi('getApiKey', { params }),
    onDeleted: () => onDeleted(apiKey.appId),
  })
  const { appId, note } = current

  return (
    <ConfirmDialog
      title="Delete API Key"
      confirmLabel="Delete"
      cancelLabel={replacedBy === undefined ? 'Cancel' : 'Keep it for now'}
      loading={isPending}
      error={error ?? (hasChanged ? CHANGED : undefined)}
      onConfirm={confirm}
      onCancel={onCancel}
    >
      {replacedBy !== undefined && (
        <p>
          <span className="font-mono text-sm text-ink">{replacedBy}</span> is ready to take over.
          Delete the old key as soon as nothing uses it any more.
        </p>
      )}
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1 rounded-sm border border-line-soft bg-sunken px-3 py-2 text-ink">
        <dt className="text-muted">App ID</dt>
        <dd className="font-mono text-sm/5">{appId}</dd>
        <dt className="text-muted">Note</dt>
        <dd className="max-h-25 overflow-y-auto">{note === '' ? '—' : note}</dd>
      </dl>
      <p>
        Calls with this key are refused from the next request on. A deleted key can’t be brought
        back.
      </p>
    </ConfirmDialog>
  )
}
