import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent } from 'react'
import { flushSync } from 'react-dom'
import { summarizeRisk } from '../../../contract/access/risk-summary.ts'
import type { OperationId } from '../../../contract/catalog/operation.ts'
import { planRules } from '../../../contract/deployments/plans.ts'
import type { Deployment } from '../../../contract/deployments/schemas.ts'
import { NOTE_MAX } from '../../../contract/http/limits.ts'
import type { ApiKey, CreatedApiKey } from '../../../contract/keys/schemas.ts'
import type { ApiError } from '../../api/api-error.ts'
import { useDiscardQuestion } from '../../form/discard-question.tsx'
import { lengthCounter, lengthError } from '../../form/text-length.ts'
import { useDisabledReason } from '../../session/permission.ts'
import { InlineMessage } from '../../ui/feedback/inline-message.tsx'
import { TextField } from '../../ui/fields/field.tsx'
import { Dialog } from '../../ui/overlays/dialog.tsx'
import { capabilityText } from '../data/capability-summary.ts'
import { notOfferedText, withRetired, type CatalogView } from '../data/catalog-view.ts'
import type { FormPurpose } from '../data/key-dialog.ts'
import { summarizeOperationUsage } from '../data/operation-usage.ts'
import { useKeyUsage } from '../data/use-key-usage.ts'
import { moveFocusByArrowKeys } from '../picker/arrow-key-navigation.ts'
import { PermissionPicker } from '../picker/permission-picker.tsx'
import type { PickerView } from '../picker/selection.ts'
import { UnusedPermissionsBar } from '../picker/unused-permissions-bar.tsx'
import { AccessChoice } from './access-choice.tsx'
import { addressUses } from './addresses.ts'
import { draftAccess, changeText, toDraft } from './draft.ts'
import { fieldError, firstFieldWithError } from './field-errors.ts'
import { FormFooter, type DraftDescription } from './form-footer.tsx'
import { FormMessage } from './form-message.tsx'
import { FullAccessPanel } from './full-access-panel.tsx'
import { LimitsDisclosure } from './limits-disclosure.tsx'
import { LockedAccess } from './locked-access.tsx'
import { useApiKeyForm, type ApiKeyFormState } from './use-api-key-form.ts'

const NOTHING: ReadonlySet<OperationId> = new Set()

/** The New API Key and the Edit API Key dialog. */
export function ApiKeyForm({
  deployment,
  catalog,
  purpose,
  onCreated,
  onSaved,
  onClose,
}: {
  deployment: Deployment
  catalog: CatalogView
  purpose: FormPurpose
  onCreated: (created: CreatedApiKey) => void
  onSaved: (apiKey: ApiKey) => void
  onClose: () => void
}) {
  const form = useApiKeyForm(deployment.id, catalog, purpose, { onCreated, onSaved })
  const { draft, base, error, isDirty } = form
  const { requestClose, question } = useDiscardQuestion({ isDirty, onClose })
  const [view, setView] = useState(() => initialView(purpose))
  const fixes = purpose.kind === 'edit' ? purpose.fixes : undefined
  const [showsLimits, setShowsLimits] = useState(fixes === 'neverExpires')
  const [openedAt] = useState(() => Date.now())
  const note = useRef<HTMLInputElement>(null)
  const expiryField = useRef<HTMLSelectElement>(null)
  const addressesField = useRef<HTMLTextAreaElement>(null)
  const permissions = useRef<HTMLFieldSetElement>(null)
  const unusedPermissionsButton = useRef<HTMLButtonElement>(null)
  const id = useId()
  const refusal = useDisabledReason()
  const locked = refusal('apiKeys.manage', 'change what a key may call')
  const lockedBase = locked === undefined ? undefined : base

  const listed = base?.access.mode === 'list' ? base.access.operations : undefined
  const granted = useMemo(() => (listed ? new Set(listed) : NOTHING), [listed])
  const pickable = useMemo(() => withRetired(catalog, granted), [catalog, granted])
  const usage = useKeyUsage(deployment.id, base)
  const operationUsage = useMemo(
    () => usage && summarizeOperationUsage(usage, granted, openedAt),
    [usage, granted, openedAt],
  )

  useEffect(() => {
    // Usage loads after the dialog has opened. If the focus still waits at the permissions, it
    // moves on to the button that fixes them.
    if (operationUsage && document.activeElement === permissions.current) {
      unusedPermissionsButton.current?.focus()
    }
  }, [operationUsage])

  function showRisky(): void {
    const { risky } = summarizeRisk(draftAccess(draft), pickable)
    const ids = new Set(risky.map((operation) => operation.id))
    setView(view?.kind === 'risky' ? undefined : { kind: 'risky', ids })
  }

  // Browsers submit a form on Enter in any input, such as the search or a check box.
  function submitFromNoteOnly(event: KeyboardEvent<HTMLFormElement>): void {
    const { key, target } = event
    if (key !== 'Enter' || !(target instanceof HTMLInputElement)) return
    if (target !== note.current) event.preventDefault()
  }

  function continueAsNewKey(): void {
    form.continueAsNewKey()
    // The pressed button is gone.
    note.current?.focus()
  }

  function focusField(rejection: ApiError): void {
    const field = firstFieldWithError(rejection)
    if (field === 'note') return note.current?.focus()
    if (field === undefined) return
    // The field must be mounted to be focused.
    flushSync(() => setShowsLimits(true))
    const target = field === 'expiresAt' ? expiryField : addressesField
    target.current?.focus()
  }

  const noteError = fieldError(error, 'note') ?? lengthError(draft.note, NOTE_MAX)

  return (
    <Dialog
      title={base ? 'Edit API Key' : 'New API Key'}
      subtitle={`${deployment.name} · ${planRules(deployment).label}`}
      size="lg"
      scroll="inside"
      initialFocus={
        fixes === undefined ? note : fixes === 'neverExpires' ? expiryField : permissions
      }
      onRequestClose={requestClose}
      footer={
        question ?? (
          <FormFooter
            formId={id}
            description={describeDraft(form, pickable)}
            message={<FormMessage form={form} onContinueAsNewKey={continueAsNewKey} />}
            saving={form.saving}
            risky={
              draft.mode === 'list' && !lockedBase
                ? { isShown: view?.kind === 'risky', onShow: showRisky }
                : undefined
            }
            onCancel={onClose}
          />
        )
      }
    >
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- it only stops Enter from submitting */}
      <form
        id={id}
        noValidate
        onKeyDown={submitFromNoteOnly}
        onSubmit={(event) => {
          event.preventDefault()
          form.save(focusField)
        }}
        data-scrolls={showsLimits ? 'whole' : undefined}
        className="-mx-4 -mb-5 flex min-h-0 flex-1 flex-col scroll-pt-24 scroll-pb-20 overflow-y-auto px-4 pb-4 sm:-mx-6 sm:px-6 list-scrolls:overflow-y-visible"
      >
        {purpose.kind === 'replace' && (
          <InlineMessage tone="neutral" className="mb-4">
            The new key takes the place of {purpose.apiKey.appId}. Once it is made and in use, the
            old one can be deleted.
          </InlineMessage>
        )}
        <TextField
          ref={note}
          label="Note"
          placeholder="What the key is for, and who uses it"
          aside={lengthCounter(draft.note, NOTE_MAX)}
          value={draft.note}
          error={noteError}
          autoComplete="off"
          onChange={(event) => form.setNote(event.target.value)}
        />
        <LimitsDisclosure
          form={form}
          uses={base ? addressUses(base.lastUse, usage) : []}
          expiryField={expiryField}
          addressesField={addressesField}
          now={openedAt}
          locked={refusal('apiKeys.manage', 'change limits')}
          isOpen={showsLimits}
          onOpen={setShowsLimits}
        />
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- its check boxes have the keyboard already; arrow keys are an addition */}
        <fieldset
          ref={permissions}
          tabIndex={-1}
          aria-labelledby={`${id}-permissions`}
          onKeyDown={moveFocusByArrowKeys}
          className="mt-4 flex min-w-0 flex-1 -scroll-mt-20 flex-col outline-none list-scrolls:min-h-0"
        >
          <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-1">
            <h3 id={`${id}-permissions`} className="font-[550]">
              API Permissions
            </h3>
            {!lockedBase && <AccessChoice mode={draft.mode} onChange={form.setMode} />}
          </div>
          {lockedBase ? (
            <LockedAccess deployment={deployment} catalog={catalog} apiKey={lockedBase}>
              {locked}
            </LockedAccess>
          ) : draft.mode === 'full' ? (
            <FullAccessPanel
              catalog={catalog}
              deploymentName={deployment.name}
              kept={draft.selection.size}
            />
          ) : (
            <PermissionPicker
              catalog={pickable}
              selection={draft.selection}
              onSelect={form.select}
              view={view}
              onView={setView}
              notOffered={notOfferedText(deployment.backend.kind)}
              usageTexts={operationUsage?.texts}
            >
              {operationUsage?.days !== undefined && granted.size > 0 && (
                <UnusedPermissionsBar
                  used={operationUsage.used}
                  days={operationUsage.days}
                  granted={granted}
                  selection={draft.selection}
                  onSelect={form.select}
                  button={unusedPermissionsButton}
                />
              )}
            </PermissionPicker>
          )}
        </fieldset>
      </form>
    </Dialog>
  )
}

function initialView(purpose: FormPurpose): PickerView | undefined {
  if (purpose.kind !== 'edit') return undefined
  const { apiKey, preset, fixes } = purpose
  if (preset) return { kind: 'preset', ids: new Set(preset) }
  if (fixes !== 'unusedPermissions') return undefined
  return { kind: 'selected', ids: toDraft(apiKey).selection }
}

function describeDraft(
  { draft, base, disabledReason }: ApiKeyFormState,
  catalog: CatalogView,
): DraftDescription {
  const access = draftAccess(draft)
  const isEmpty = draft.mode === 'list' && draft.selection.size === 0
  return {
    summary:
      isEmpty && disabledReason !== undefined ? disabledReason : capabilityText(access, catalog),
    risk: isEmpty ? undefined : summarizeRisk(access, catalog),
    changes: base && (changeText(base, draft) || 'Nothing has changed yet'),
    disabledReason,
  }
}
