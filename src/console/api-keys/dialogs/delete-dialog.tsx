import { useState } from 'react'
import type { ApiKey } from '../../../contract/schemas.ts'
import { callApi } from '../../api/client.ts'
import { useApiMutation } from '../../api/mutation.ts'
import { useDeletion } from '../../form/use-deletion.ts'
import { InlineMessage } from '../../ui/feedback/inline-message.tsx'
import { ConfirmDialog } from '../../ui/overlays/confirm-dialog.tsx'
import { keyCountQueries, keyQueries } from '../data/invalidated-queries.ts'
import { isInUse, RecentUseFacts, useRecentUse } from './recent-use.tsx'

const CHANGED =
  'This key was changed meanwhile, so it was not deleted. It is shown as it is now: delete it if you still want to.'
const NOT_DISABLED =
  'This key was changed meanwhile, so it was not disabled. Close this and look at it as it is now.'

/**
 * Asks before a key is deleted, and shows who would miss it. One that is in use is better
 * disabled first, which can be taken back. When the key changed since it was listed, the dialog
 * shows it as it is now and asks again: people delete what they have seen.
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
  const [now] = useState(() => Date.now())
  const [isDisabledHere, setIsDisabledHere] = useState(false)
  const { mutateAsync } = useApiMutation('deleteApiKey', {
    errorIn: 'dialog',
    invalidates: keyCountQueries,
  })
  const { current, hasChanged, error, isPending, confirm, continueWith } = useDeletion({
    shown: apiKey,
    remove: ({ version }) => mutateAsync({ params, ifMatch: version }),
    load: () => callApi('getApiKey', { params }),
    onDeleted: () => onDeleted(apiKey.appId),
  })
  const disable = useApiMutation('updateApiKey', {
    errorIn: 'dialog',
    invalidates: keyQueries,
    onSuccess: (disabled) => {
      continueWith(disabled)
      setIsDisabledHere(true)
    },
  })
  const recent = useRecentUse(deploymentId, apiKey.appId)
  const { appId, note, status, version } = current
  const isBetterDisabled = status === 'active' && isInUse(current, recent, now)
  const disableError = disable.error?.isStale ? NOT_DISABLED : disable.error?.message

  return (
    <ConfirmDialog
      title="Delete API Key"
      confirmLabel="Delete"
      cancelLabel={cancelLabel(isDisabledHere, replacedBy)}
      loading={isPending}
      error={error ?? (hasChanged ? CHANGED : disableError)}
      instead={
        isBetterDisabled
          ? {
              label: 'Disable first',
              loading: disable.isPending,
              onPress: () => disable.mutate({ params, ifMatch: version, body: { disabled: true } }),
            }
          : undefined
      }
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
        <dd>{note === '' ? '—' : note}</dd>
        <RecentUseFacts apiKey={current} recent={recent} now={now} />
      </dl>
      {isDisabledHere ? (
        <InlineMessage tone="ok">
          Disabled. Its calls are refused from now on. If nothing misses it, delete it then; if
          something does, enable it again.
        </InlineMessage>
      ) : (
        <p>
          {isBetterDisabled &&
            'Something used this key within the last hour. Disabling it shows what breaks, and can be taken back. '}
          Once deleted, calls with this key are refused from the next request on. A deleted key
          can’t be brought back.
        </p>
      )}
    </ConfirmDialog>
  )
}

function cancelLabel(isDisabledHere: boolean, replacedBy: string | undefined): string {
  if (isDisabledHere) return 'Keep it disabled'
  return replacedBy === undefined ? 'Cancel' : 'Keep it for now'
}
