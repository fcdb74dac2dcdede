import { useId, useRef } from 'react'
import type { Deployment } from '../../../contract/deployments/schemas.ts'
import { DEPLOYMENT_NAME_MAX } from '../../../contract/http/limits.ts'
import { lengthCounter } from '../../form/text-length.ts'
import { Button } from '../../ui/buttons/button.tsx'
import { TextField } from '../../ui/fields/field.tsx'
import { Dialog } from '../../ui/overlays/dialog.tsx'
import { useRename } from './use-rename.ts'

/** Renames a deployment from the list of deployments. */
export function RenameDialog({
  deployment,
  onClose,
}: {
  deployment: Deployment
  onClose: () => void
}) {
  const formId = useId()
  const input = useRef<HTMLInputElement>(null)
  const { entry, error, isSaving, type, submit } = useRename(deployment, onClose)

  return (
    <Dialog
      title="Rename deployment"
      size="sm"
      initialFocus={input}
      onRequestClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form={formId} variant="primary" loading={isSaving}>
            Rename
          </Button>
        </>
      }
    >
      <form
        id={formId}
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          void submit()
        }}
      >
        <TextField
          ref={input}
          label="Name"
          hint="The API’s address stays as it is."
          value={entry}
          aside={lengthCounter(entry, DEPLOYMENT_NAME_MAX)}
          autoComplete="off"
          error={error}
          onFocus={(event) => event.target.select()}
          onChange={(event) => type(event.target.value)}
        />
      </form>
    </Dialog>
  )
}
