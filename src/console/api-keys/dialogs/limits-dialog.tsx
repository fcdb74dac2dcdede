import { useId, useRef, useState } from 'react'
import { planRules } from '../../../contract/deployments/plans.ts'
import type { Deployment } from '../../../contract/deployments/schemas.ts'
import type { ApiKey } from '../../../contract/keys/schemas.ts'
import type { ApiError } from '../../api/api-error.ts'
import { useDiscardQuestion } from '../../form/discard-question.tsx'
import { Dialog } from '../../ui/overlays/dialog.tsx'
import { useKeyUsage } from '../data/use-key-usage.ts'
import { addressUses } from '../form/addresses.ts'
import { changeText } from '../form/draft.ts'
import { firstFieldWithError } from '../form/field-errors.ts'
import { FormFooter } from '../form/form-footer.tsx'
import { FormMessage } from '../form/form-message.tsx'
import { LimitsFields } from '../form/limits-fields.tsx'
import { useApiKeyForm } from '../form/use-api-key-form.ts'

/** Edits expiry and addresses of a key whose plan has no note and no permissions. */
export function LimitsDialog({
  deployment,
  apiKey,
  onSaved,
  onClose,
}: {
  deployment: Deployment
  apiKey: ApiKey
  onSaved: (apiKey: ApiKey) => void
  onClose: () => void
}) {
  const form = useApiKeyForm(deployment.id, undefined, { kind: 'edit', apiKey }, { onSaved })
  const { draft, base = apiKey, isDirty } = form
  const { requestClose, question } = useDiscardQuestion({ isDirty, onClose })
  const [openedAt] = useState(() => Date.now())
  const expiryField = useRef<HTMLSelectElement>(null)
  const addressesField = useRef<HTMLTextAreaElement>(null)
  const id = useId()
  const usage = useKeyUsage(deployment.id, apiKey)

  function focusField(rejection: ApiError): void {
    const field = firstFieldWithError(rejection)
    if (field === 'expiresAt') expiryField.current?.focus()
    if (field === 'allowedAddresses') addressesField.current?.focus()
  }

  return (
    <Dialog
      title="Expiry and Addresses"
      subtitle={`${apiKey.appId} · ${deployment.name} · ${planRules(deployment).label}`}
      size="lg"
      initialFocus={expiryField}
      onRequestClose={requestClose}
      footer={
        question ?? (
          <FormFooter
            formId={id}
            description={{
              summary: undefined,
              risk: undefined,
              changes: changeText(base, draft) || 'Nothing has changed yet',
              disabledReason: form.disabledReason,
            }}
            message={<FormMessage form={form} />}
            saving={form.saving}
            onCancel={onClose}
          />
        )
      }
    >
      <form
        id={id}
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          form.save(focusField)
        }}
      >
        <LimitsFields
          form={form}
          uses={addressUses(base.lastUse, usage)}
          expiryField={expiryField}
          addressesField={addressesField}
          now={openedAt}
        />
      </form>
    </Dialog>
  )
}
