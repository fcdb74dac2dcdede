import { showToast } from '../ui/overlays/toast-store.ts'
import { CreatedTokenDialog } from './created-token-dialog.tsx'
import { DeleteTokenDialog } from './delete-token-dialog.tsx'
import { closed, type Flow } from './flow.ts'
import { NewTokenDialog } from './new-token-dialog.tsx'

/** The dialogs of the Automation tokens page: the one that the flow is at. */
export function TokenDialogs({
  flow,
  onFlow,
  onDeleted,
}: {
  flow: Flow
  onFlow: (flow: Flow) => void
  onDeleted: () => void
}) {
  const close = () => onFlow(closed)
  switch (flow.step) {
    case 'closed':
      break
    case 'form':
      return (
        <NewTokenDialog
          onCreated={({ token, secret }) => onFlow({ step: 'created', token, secret })}
          onClose={close}
        />
      )
    case 'created':
      return <CreatedTokenDialog token={flow.token} secret={flow.secret} onClose={close} />
    case 'delete':
      return (
        <DeleteTokenDialog
          token={flow.token}
          onDeleted={() => {
            onDeleted()
            close()
            showToast('ok', `${flow.token.name} is deleted. Calls with it are refused from now on.`)
          }}
          onCancel={close}
        />
      )
  }
  return null
}
