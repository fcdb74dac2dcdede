import { useForm, useWatch } from 'react-hook-form'
import type { Deployment } from '../../../contract/deployments/schemas.ts'
import { DEPLOYMENT_NAME_MAX } from '../../../contract/http/limits.ts'
import { FormDialog } from '../../form/form-dialog.tsx'
import { lengthCounter, lengthError } from '../../form/text-length.ts'
import { TextField } from '../../ui/fields/field.tsx'
import { useRename } from '../parts/use-rename.ts'

/** Renames a deployment from the list of deployments. */
export function RenameDialog({
  deployment,
  onClose,
}: {
  deployment: Deployment
  onClose: () => void
}) {
  const form = useForm({ defaultValues: { name: deployment.name } })
  const name = useWatch({ control: form.control, name: 'name' })
  const { isSaving, rename } = useRename(deployment)

  async function submit(): Promise<void> {
    const problem = await rename(name)
    if (problem === undefined) onClose()
    else if (problem !== '') form.setError('name', { message: problem })
  }

  return (
    <FormDialog
      form={form}
      title="Rename deployment"
      size="sm"
      submitLabel="Rename"
      isPending={isSaving}
      // Every failure to rename is said at the name's field.
      submitError={null}
      asksBeforeDiscard={false}
      onSubmit={() => void submit()}
      onClose={onClose}
    >
      <TextField
        label="Name"
        hint="The API’s address stays as it is."
        aside={lengthCounter(name, DEPLOYMENT_NAME_MAX)}
        autoComplete="off"
        error={form.formState.errors.name?.message ?? lengthError(name, DEPLOYMENT_NAME_MAX)}
        onFocus={(event) => event.target.select()}
        {...form.register('name', {
          validate: (entry) => lengthError(entry, DEPLOYMENT_NAME_MAX) ?? true,
          onChange: () => form.clearErrors('name'),
        })}
      />
    </FormDialog>
  )
}
