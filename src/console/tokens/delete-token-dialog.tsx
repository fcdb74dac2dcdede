import type { AutomationToken } from '../../contract/accounts/schemas.ts'
import { useApiMutation } from '../api/mutation.ts'
import { useDeletion } from '../form/use-deletion.ts'
import { roleNames } from '../people/role-names.ts'
import { ConfirmDialog } from '../ui/overlays/confirm-dialog.tsx'
import { formatMoment } from '../ui/text/format.ts'

/** Asks before a token is deleted. */
export function DeleteTokenDialog({
  token,
  onDeleted,
  onCancel,
}: {
  token: AutomationToken
  onDeleted: () => void
  onCancel: () => void
}) {
  const { mutateAsync } = useApiMutation('deleteToken', {
    errorIn: 'dialog',
    invalidates: ['listTokens'],
  })
  const { error, isPending, confirm } = useDeletion({
    shown: token,
    remove: ({ id }) => mutateAsync({ params: { tokenId: id } }),
    // Nothing of a token can change, so there is no other version to ask about.
    load: () => Promise.resolve(token),
    onDeleted,
  })
  return (
    <ConfirmDialog
      title="Delete token"
      confirmLabel="Delete"
      loading={isPending}
      error={error}
      onConfirm={confirm}
      onCancel={onCancel}
    >
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1 rounded-sm border border-line-soft bg-sunken px-3 py-2 text-ink">
        <dt className="text-muted">Name</dt>
        <dd>{token.name}</dd>
        <dt className="text-muted">Role</dt>
        <dd>{roleNames[token.role]}</dd>
        <dt className="text-muted">Last used</dt>
        <dd>{token.lastUsedAt === null ? 'Never used' : formatMoment(token.lastUsedAt)}</dd>
      </dl>
      <p>
        Calls with this token are refused from the next request on. API keys that were made with it
        keep working. A deleted token can’t be brought back.
      </p>
    </ConfirmDialog>
  )
}
