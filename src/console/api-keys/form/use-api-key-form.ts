import { useCallback, useState } from 'react'
import { characters, NOTE_MAX } from '../../../contract/http/limits.ts'
import type { ApiKey, CreatedApiKey } from '../../../contract/keys/schemas.ts'
import { toApiError, type ApiError } from '../../api/api-error.ts'
import { callApi } from '../../api/client.ts'
import { useApiMutation } from '../../api/mutation.ts'
import type { Expiry } from '../../form/expiry.ts'
import type { CatalogView } from '../data/catalog-view.ts'
import { keyCountQueries, keyQueries } from '../data/invalidated-queries.ts'
import type { FormPurpose } from '../data/key-dialog.ts'
import type { Selection } from '../picker/selection.ts'
import {
  confirmDisabledReason,
  changesSince,
  toDraft,
  emptyDraft,
  toCreateBody,
  isDirty,
  mergeDraft,
  type Draft,
} from './draft.ts'

type Callbacks = {
  onCreated?: (created: CreatedApiKey) => void
  onSaved: (apiKey: ApiKey) => void
}

/** The draft that counts as unchanged. A new key can't list what the catalog no longer has. */
function initialDraft(purpose: FormPurpose, catalog: CatalogView | undefined): Draft {
  if (purpose.kind === 'new') return emptyDraft
  const draft = toDraft(purpose.apiKey)
  if (purpose.kind === 'edit') {
    return purpose.fixes === 'fullAccess' ? { ...draft, mode: 'list' } : draft
  }
  return { ...withoutRetired(draft, catalog), note: prefilledNote(purpose) }
}

function withoutRetired(draft: Draft, catalog: CatalogView | undefined): Draft {
  const selection = new Set([...draft.selection].filter((id) => catalog?.byId.has(id)))
  return { ...draft, selection }
}

/** Ticks the preset of an edit; it counts as a change of the user's. */
function withPreset(purpose: FormPurpose, initial: Draft): Draft {
  if (purpose.kind !== 'edit' || !purpose.preset || initial.mode === 'full') return initial
  return { ...initial, selection: new Set([...initial.selection, ...purpose.preset]) }
}

function prefilledNote({
  kind,
  apiKey: { note, appId },
}: Extract<FormPurpose, { kind: 'duplicate' | 'replace' }>): string {
  const name = note === '' ? appId : note
  const text = kind === 'duplicate' ? `${name} copy` : `Replaces ${appId}`
  return characters(text) > NOTE_MAX ? note : text
}

/** The state of the New / Edit form, as its parts use it. */
export type ApiKeyFormState = ReturnType<typeof useApiKeyForm>

/** Holds the state of the New / Edit form, and saves it. */
export function useApiKeyForm(
  deploymentId: string,
  catalog: CatalogView | undefined,
  purpose: FormPurpose,
  { onCreated, onSaved }: Callbacks,
) {
  const [initial, setInitial] = useState(() => initialDraft(purpose, catalog))
  const [draft, setDraft] = useState(() => withPreset(purpose, initial))
  const [base, setBase] = useState(purpose.kind === 'edit' ? purpose.apiKey : undefined)
  const [reloading, setReloading] = useState(false)
  const [reloadError, setReloadError] = useState<ApiError>()

  const create = useApiMutation('createApiKey', {
    invalidates: keyCountQueries,
    errorIn: 'form',
    ...(onCreated && { onSuccess: onCreated }),
  })
  const update = useApiMutation('updateApiKey', {
    invalidates: keyQueries,
    errorIn: 'form',
    onSuccess: onSaved,
  })
  const saving = create.isPending || update.isPending
  const error = reloadError ?? update.error ?? create.error
  const isDeleted = base !== undefined && error?.isNotFound === true

  const select = useCallback((change: (selection: Selection) => Selection) => {
    setDraft((current) => ({ ...current, selection: change(current.selection) }))
  }, [])

  /** Saves the draft; `onRejected` gets the error, so that it can focus the field. */
  function save(onRejected: (error: ApiError) => void): void {
    if (saving) return
    setReloadError(undefined)
    const options = { onError: onRejected }
    if (base) {
      const params = { deploymentId, appId: base.appId }
      const body = changesSince(base, draft)
      update.mutate({ params, ifMatch: base.version, body }, options)
    } else {
      create.mutate({ params: { deploymentId }, body: toCreateBody(draft) }, options)
    }
  }

  /** Loads the current version of the key and merges the user's changes onto it. */
  async function loadCurrent(): Promise<void> {
    if (!base) return
    setReloading(true)
    setReloadError(undefined)
    try {
      const params = { deploymentId, appId: base.appId }
      const current = await callApi('getApiKey', { params })
      setDraft((mine) => mergeDraft(base, mine, current))
      setInitial(toDraft(current))
      setBase(current)
      update.reset()
    } catch (thrown) {
      const failure = toApiError(thrown)
      // Otherwise, a dialog asks to sign in again.
      if (!failure.isSignedOut) setReloadError(failure)
    } finally {
      setReloading(false)
    }
  }

  /** Turns the form into one for a new key, after the edited one was deleted. */
  function continueAsNewKey(): void {
    setInitial(emptyDraft)
    setDraft((current) => withoutRetired(current, catalog))
    setBase(undefined)
    setReloadError(undefined)
    update.reset()
  }

  return {
    draft,
    /** The version of the key that the draft is based on; undefined for a new key. */
    base,
    isDirty: isDirty(initial, draft),
    /** Whether the user's changes were merged onto someone else's. */
    isMerged: base !== undefined && purpose.kind === 'edit' && base !== purpose.apiKey,
    saving,
    reloading,
    error,
    /** Whether someone else deleted the key meanwhile. */
    isDeleted,
    /** Why Confirm is disabled. */
    disabledReason: isDeleted
      ? 'This key was deleted meanwhile'
      : confirmDisabledReason(draft, base),
    setNote: (note: string) => setDraft((current) => ({ ...current, note })),
    setMode: (mode: Draft['mode']) => setDraft((current) => ({ ...current, mode })),
    setExpiry: (expiry: Expiry) => setDraft((current) => ({ ...current, expiry })),
    setAddresses: (addresses: string) => setDraft((current) => ({ ...current, addresses })),
    select,
    save,
    loadCurrent,
    continueAsNewKey,
  }
}
