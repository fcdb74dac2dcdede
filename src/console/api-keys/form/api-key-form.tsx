import { useId, useMemo, useRef, useState, type ReactNode } from 'react'
import { characters, NOTE_MAX } from '../../../contract/limits.ts'
import { planRules } from '../../../contract/plans.ts'
import type { ApiKey, CreatedApiKey, Deployment } from '../../../contract/schemas.ts'
import type { ApiError } from '../../api/api-error.ts'
import { useDiscardQuestion } from '../../form/discard-question.tsx'
import { useRefusal } from '../../session/permission.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/field.tsx'
import { InlineMessage } from '../../ui/inline-message.tsx'
import { capabilityText } from '../capability-summary.ts'
import { notOfferedText, withRetired, type CatalogView } from '../catalog-view.ts'
import type { FormPurpose } from '../flow.ts'
import { PermissionPicker, type PickerView } from '../picker/permission-picker.tsx'
import { walkRows } from '../picker/walk-rows.ts'
import { AccessChoice } from './access-choice.tsx'
import { accessOf, blockedReason, changeText } from './draft.ts'
import { FormFooter, StaleMessage, type FormVerdict } from './form-footer.tsx'
import { FullAccessPanel } from './full-access-panel.tsx'
import { LockedAccess } from './locked-access.tsx'
import { useApiKeyForm } from './use-api-key-form.ts'

/** The New and the Edit API Key dialog. */
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
  const [view, setView] = useState<PickerView>()
  const note = useRef<HTMLInputElement>(null)
  const id = useId()
  const locked = useRefusal()('apiKeys.manage', 'change what a key may call')
  const lockedBase = locked === undefined ? undefined : base

  const listed = base?.access.mode === 'list' ? base.access.operations : undefined
  const pickable = useMemo(() => withRetired(catalog, listed ?? []), [catalog, listed])
  const risky = useMemo(
    () =>
      pickable.operations.filter(
        ({ id: one, risk }) => risk !== undefined && draft.selection.has(one),
      ),
    [pickable, draft.selection],
  )

  function showRisky(): void {
    const ids = new Set(risky.map((operation) => operation.id))
    setView(view?.kind === 'risky' ? undefined : { kind: 'risky', ids })
  }

  const noteError =
    noteErrorOf(error) ??
    (characters(draft.note.trim()) > NOTE_MAX ? `Use at most ${NOTE_MAX} characters.` : undefined)

  function message(): ReactNode {
    if (error?.isStale) {
      return <StaleMessage loading={form.reloading} onLoad={() => void form.loadCurrent()} />
    }
    if (error && noteErrorOf(error) === undefined) {
      return <InlineMessage tone="danger">{error.message}</InlineMessage>
    }
    if (!form.isRebased) return undefined
    return (
      <InlineMessage tone="ok">
        This is the current version, with your changes on top of it.
      </InlineMessage>
    )
  }

  return (
    <Dialog
      title={purpose.kind === 'edit' ? 'Edit API Key' : 'New API Key'}
      subtitle={`${deployment.name} · ${planRules(deployment).label}`}
      size="lg"
      scroll="inside"
      initialFocus={note}
      onRequestClose={requestClose}
      footer={
        question ?? (
          <FormFooter
            formId={id}
            verdict={verdictOf(form, pickable, lockedBase ? 0 : risky.length)}
            message={message()}
            saving={form.saving}
            showsRisky={view?.kind === 'risky'}
            onShowRisky={showRisky}
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
          form.save((refusal) => {
            if (noteErrorOf(refusal) !== undefined) note.current?.focus()
          })
        }}
        className="-mx-4 -mb-5 flex min-h-0 flex-1 flex-col overflow-y-auto px-4 pb-4 sm:-mx-6 sm:px-6 sm:[@media(min-height:40rem)]:overflow-y-visible"
      >
        {purpose.kind === 'replace' && (
          <InlineMessage tone="neutral" className="mb-4">
            The new key takes the place of {purpose.old.appId}. Once it is made and in use, the old
            one can be deleted.
          </InlineMessage>
        )}
        <TextField
          ref={note}
          label="Note"
          placeholder="What the key is for, and who uses it"
          aside={`${characters(draft.note)} / ${NOTE_MAX}`}
          value={draft.note}
          error={noteError}
          autoComplete="off"
          onChange={(event) => form.setNote(event.target.value)}
        />
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- arrow keys come on top of its check boxes */}
        <fieldset
          aria-labelledby={`${id}-permissions`}
          onKeyDown={walkRows}
          className="mt-4 flex min-w-0 flex-1 flex-col sm:[@media(min-height:40rem)]:min-h-0"
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
            />
          )}
        </fieldset>
      </form>
    </Dialog>
  )
}

function noteErrorOf(error: ApiError | null | undefined): string | undefined {
  return error?.fieldErrors.find(({ field }) => field === 'note')?.detail
}

function verdictOf(
  { draft, base }: ReturnType<typeof useApiKeyForm>,
  catalog: CatalogView,
  risky: number,
): FormVerdict {
  const blocked = blockedReason(draft, base)
  const isEmpty = draft.mode === 'list' && draft.selection.size === 0
  return {
    summary: isEmpty && blocked !== undefined ? blocked : capabilityText(accessOf(draft), catalog),
    changes: base && (changeText(base, draft) || 'Nothing has changed yet'),
    risky: draft.mode === 'full' ? 0 : risky,
    blocked,
  }
}
