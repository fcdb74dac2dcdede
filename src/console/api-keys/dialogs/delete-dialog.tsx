import { useState } from 'react'
import type { ApiKey } from '../../../contract/keys/schemas.ts'
import { callApi } from '../../api/client.ts'
import { useApiMutation } from '../../api/mutation.ts'
import { useDeletion } from '../../form/use-deletion.ts'
import { InlineMessage } from '../../ui/feedback/inline-message.tsx'
import { ConfirmDialog } from '../../ui/overlays/confirm-dialog.tsx'
import { keyCountQueries } from '../data/invalidated-queries.ts'
import { Fact, FactList } from './facts.tsx'
import { isInUse, RecentUseFacts, useRecentUse } from './recent-use.tsx'
import { useKeyChange } from './use-key-change.ts'

const CHANGED =
  'This key was changed meanwhile, so it was not deleted. It is shown as it is now: delete it if you still want to.'
const NOT_DISABLED =
  'This key was changed meanwhile, so it was not disabled. Close this and look at it as it is now.'

/**
 * Asks before a key is deleted, and shows its recent use. For a key in use it suggests disabling
 * it first, which can be undone. A key that changed since it was listed isn't deleted: the dialog
 * shows the current version and asks again.
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
  /** The App ID of the key that replaced it. */
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
  const disable = useKeyChange('updateApiKey', {
    staleText: NOT_DISABLED,
    onSuccess: (disabled) => {
      continueWith(disabled)
      setIsDisabledHere(true)
    },
  })
  const recent = useRecentUse(deploymentId, apiKey.appId)
  const { appId, note, status, version } = current
  const isBetterDisabled = status === 'active' && isInUse(current, recent, now)

  return (
    <ConfirmDialog
      title="Delete API Key"
      confirmLabel="Delete"
      cancelLabel={cancelLabel(isDisabledHere, replacedBy)}
      loading={isPending}
      error={error ?? (hasChanged ? CHANGED : disable.error)}
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
      <FactList>
        <Fact name="App ID">
          <span className="font-mono text-sm/5">{appId}</span>
        </Fact>
        <Fact name="Note">{note === '' ? '—' : note}</Fact>
        <RecentUseFacts apiKey={current} recent={recent} now={now} />
      </FactList>
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
