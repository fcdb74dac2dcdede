import { useId, useRef, useState } from 'react'
import { DEPLOYMENT_NAME_MAX } from '../../contract/limits.ts'
import type { Deployment } from '../../contract/schemas.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { TextField } from '../ui/field.tsx'
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
  const [name, setName] = useState(deployment.name)
  const [error, setError] = useState<string>()
  const rename = useRename(deployment)

  async function submit(): Promise<void> {
    if (name.trim() === deployment.name) return onClose()
    if (name.trim() === '') return setError('Give the deployment a name.')
    try {
      await rename.save(name.trim())
      onClose()
    } catch (thrown) {
      setError(thrown instanceof Error ? thrown.message : String(thrown))
    }
  }

  return (
    <Dialog
      title="Rename deployment"
      size="sm"
      initialFocus={input}
      onRequestClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form={formId} variant="primary" loading={rename.isSaving}>
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
          value={name}
          maxLength={DEPLOYMENT_NAME_MAX}
          autoComplete="off"
          error={error}
          onFocus={(event) => event.target.select()}
          onChange={(event) => {
            setName(event.target.value)
            setError(undefined)
          }}
        />
      </form>
    </Dialog>
  )
}
