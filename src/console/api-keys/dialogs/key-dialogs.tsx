import type { Deployment } from '../../../contract/deployments/schemas.ts'
import type { ApiKey, CreatedApiKey } from '../../../contract/keys/schemas.ts'
import { Button } from '../../ui/buttons/button.tsx'
import { ErrorState, Progress } from '../../ui/feedback/empty-and-error.tsx'
import { Dialog } from '../../ui/overlays/dialog.tsx'
import { showToast } from '../../ui/overlays/toast-store.ts'
import {
  dialogAfterCreated,
  noDialog,
  type KeyDialog,
  type FormPurpose,
} from '../data/key-dialog.ts'
import type { CatalogState } from '../data/use-catalog.ts'
import { ApiKeyForm } from '../form/api-key-form.tsx'
import { CreatedDialog } from './created/created-dialog.tsx'
import { DeleteDialog } from './delete-dialog.tsx'
import { DisableDialog } from './disable-dialog.tsx'
import { EndOldSecretDialog } from './end-old-secret-dialog.tsx'
import { LimitsDialog } from './limits-dialog.tsx'
import { RotateDialog } from './rotate-dialog.tsx'

/** The open dialog of a deployment's keys. */
export function KeyDialogs({
  deployment,
  catalog,
  dialog,
  onDialog,
  onDeleted,
}: {
  deployment: Deployment
  catalog: CatalogState
  dialog: KeyDialog
  onDialog: (dialog: KeyDialog) => void
  /** A key was deleted, and with it what opened the dialog. */
  onDeleted: () => void
}) {
  const close = () => onDialog(noDialog)

  function created(purpose: FormPurpose, { apiKey, appSecret }: CreatedApiKey): void {
    const replaces = purpose.kind === 'replace' ? purpose.apiKey : undefined
    onDialog({ kind: 'created', apiKey, appSecret, ...(replaces && { replaces }) })
  }

  function saved({ appId }: ApiKey): void {
    close()
    showToast('ok', `${appId} is saved. Its next call goes by what you changed.`)
  }

  switch (dialog.kind) {
    case 'closed':
      break
    case 'form':
      if (!catalog.catalog) {
        return (
          <FormWithoutCatalog
            title={dialog.purpose.kind === 'edit' ? 'Edit API Key' : 'New API Key'}
            catalog={catalog}
            onClose={close}
          />
        )
      }
      return (
        <ApiKeyForm
          deployment={deployment}
          catalog={catalog.catalog}
          purpose={dialog.purpose}
          onCreated={(answer) => created(dialog.purpose, answer)}
          onSaved={saved}
          onClose={close}
        />
      )
    case 'created':
    case 'rotated':
      return (
        <CreatedDialog
          deployment={deployment}
          catalog={catalog.catalog}
          apiKey={dialog.apiKey}
          appSecret={dialog.appSecret}
          rotated={dialog.kind === 'rotated'}
          onClose={() =>
            onDialog(dialog.kind === 'created' ? dialogAfterCreated(dialog) : noDialog)
          }
        />
      )
    case 'limits':
      return (
        <LimitsDialog
          deployment={deployment}
          apiKey={dialog.apiKey}
          onSaved={saved}
          onClose={close}
        />
      )
    case 'rotate':
      return (
        <RotateDialog
          deploymentId={deployment.id}
          apiKey={dialog.apiKey}
          onRotated={({ apiKey, appSecret }) => onDialog({ kind: 'rotated', apiKey, appSecret })}
          onClose={close}
        />
      )
    case 'endOldSecret':
      return (
        <EndOldSecretDialog deploymentId={deployment.id} apiKey={dialog.apiKey} onClose={close} />
      )
    case 'disable':
      return <DisableDialog deploymentId={deployment.id} apiKey={dialog.apiKey} onClose={close} />
    case 'delete':
      return (
        <DeleteDialog
          deploymentId={deployment.id}
          apiKey={dialog.apiKey}
          replacedBy={dialog.replacedBy}
          onDeleted={(appId) => {
            onDeleted()
            close()
            showToast('ok', `${appId} is deleted. Calls with it are refused from now on.`)
          }}
          onCancel={close}
        />
      )
  }
  return null
}

/** The form's dialog while the catalog loads, or after that failed. */
function FormWithoutCatalog({
  title,
  catalog: { error, retry },
  onClose,
}: {
  title: string
  catalog: CatalogState
  onClose: () => void
}) {
  return (
    <Dialog
      title={title}
      size="lg"
      onRequestClose={onClose}
      footer={<Button onClick={onClose}>Cancel</Button>}
    >
      {error === undefined ? (
        <div className="grid min-h-60 place-items-center">
          <Progress>Loading the endpoints</Progress>
        </div>
      ) : (
        <ErrorState title="The endpoints didn’t load" detail={error} onRetry={retry} />
      )}
    </Dialog>
  )
}
