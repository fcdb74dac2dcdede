import type { Access } from '../../../contract/access/access.ts'
import { diffOperations } from '../../../contract/access/summary.ts'
import type { OperationId } from '../../../contract/catalog/operation.ts'
import { characters, NOTE_MAX } from '../../../contract/http/limits.ts'
import type { ApiKeyInput } from '../../../contract/keys/schemas.ts'
import { toExpiry, neverExpires, type Expiry } from '../../form/expiry.ts'
import { formatZonedTime } from '../../ui/text/zoned-time.ts'
import type { Selection } from '../picker/selection.ts'
import {
  describeAddresses,
  findAddressProblems,
  joinAddresses,
  parseAddresses,
} from './addresses.ts'

/** The state of the New / Edit form. The selection is kept while full access is chosen. */
export type Draft = {
  note: string
  mode: Access['mode']
  selection: Selection
  expiry: Expiry
  /** As typed, one address a line. */
  addresses: string
}

/** The editable fields of an API key. */
export type EditableKey = {
  note: string
  access: Access
  expiresAt: string | null
  allowedAddresses: readonly string[]
}

/** The draft of a new key. */
export const emptyDraft: Draft = {
  note: '',
  mode: 'list',
  selection: new Set(),
  expiry: neverExpires,
  addresses: '',
}

/** The draft of a key as it is saved. */
export function toDraft({ note, access, expiresAt, allowedAddresses }: EditableKey): Draft {
  const operations = access.mode === 'list' ? access.operations : []
  return {
    note,
    mode: access.mode,
    selection: new Set(operations),
    expiry: toExpiry(expiresAt),
    addresses: joinAddresses(allowedAddresses),
  }
}

/** The access that a draft grants. */
export function draftAccess({ mode, selection }: Pick<Draft, 'mode' | 'selection'>): Access {
  return mode === 'full' ? { mode } : { mode, operations: [...selection] }
}

function listedOperations(access: Access): readonly OperationId[] {
  return access.mode === 'list' ? access.operations : []
}

/** Whether two accesses grant the same, whatever the order. */
export function sameAccess(one: Access, other: Access): boolean {
  if (one.mode !== other.mode) return false
  return sameEntries(listedOperations(one), listedOperations(other))
}

function sameEntries(one: readonly string[], other: readonly string[]): boolean {
  const { added, removed } = diffOperations(one, other)
  return added.length + removed.length === 0
}

function trimmedNote({ note }: Draft): string {
  return note.trim()
}

/** Whether the form was edited since it opened. */
export function isDirty(initial: Draft, draft: Draft): boolean {
  return (
    initial.note !== draft.note ||
    initial.expiry.at !== draft.expiry.at ||
    initial.addresses !== draft.addresses ||
    !sameAccess(draftAccess(initial), draftAccess(draft))
  )
}

/** The body of an update. */
export type Changes = Pick<ApiKeyInput, 'note' | 'access' | 'expiresAt' | 'allowedAddresses'>

/** The body of an update: only the fields that differ from the version it is based on. */
export function changesSince(base: EditableKey, draft: Draft): Changes {
  const access = draftAccess(draft)
  const entries = parseAddresses(draft.addresses)
  const { at } = draft.expiry
  return {
    ...(trimmedNote(draft) !== base.note.trim() && { note: trimmedNote(draft) }),
    ...(!sameAccess(base.access, access) && { access: toAccessInput(access) }),
    ...(at !== undefined && at !== base.expiresAt && { expiresAt: at }),
    ...(!sameEntries(base.allowedAddresses, entries) && { allowedAddresses: entries }),
  }
}

/** The body that creates a key, without limits that aren't set. */
export function toCreateBody(draft: Draft): ApiKeyInput {
  const entries = parseAddresses(draft.addresses)
  return {
    note: trimmedNote(draft),
    access: toAccessInput(draftAccess(draft)),
    ...(draft.expiry.at && { expiresAt: draft.expiry.at }),
    ...(entries.length > 0 && { allowedAddresses: entries }),
  }
}

/** Copies an access, since request types are mutable. */
function toAccessInput(access: Access): NonNullable<Changes['access']> {
  return access.mode === 'full'
    ? { mode: 'full' }
    : { mode: 'list', operations: [...access.operations] }
}

/** What Confirm would change, in a few words: "+3 added, −1 removed". Empty if nothing would. */
export function changeText(base: EditableKey, draft: Draft): string {
  const { access, note, expiresAt, allowedAddresses } = changesSince(base, draft)
  const parts: string[] = []
  if (access) parts.push(accessChangeText(base.access, draftAccess(draft)))
  if (expiresAt !== undefined) {
    parts.push(expiresAt === null ? 'never expires' : `expires ${formatZonedTime(expiresAt)}`)
  }
  if (allowedAddresses) parts.push(describeAddresses(allowedAddresses))
  if (note !== undefined) parts.push('note changed')
  return parts.join(', ')
}

function accessChangeText(before: Access, after: Access): string {
  if (after.mode === 'full') return 'full access instead of a list'
  if (before.mode === 'full') return 'a list instead of full access'
  const { added, removed } = diffOperations(before.operations, after.operations)
  const parts: string[] = []
  if (added.length > 0) parts.push(`+${added.length} added`)
  if (removed.length > 0) parts.push(`−${removed.length} removed`)
  return parts.join(', ')
}

/**
 * Three-way merge of a draft onto a newer version of its key: fields that the user changed stay,
 * others become current. Lists merge entry by entry.
 */
export function mergeDraft(base: EditableKey, draft: Draft, current: EditableKey): Draft {
  const currentDraft = toDraft(current)
  const rest = {
    note: draft.note.trim() === base.note.trim() ? current.note : draft.note,
    expiry: draft.expiry.at === base.expiresAt ? currentDraft.expiry : draft.expiry,
    addresses: mergeAddresses(base, draft, current),
  }
  const access = draftAccess(draft)
  if (sameAccess(base.access, access)) return { ...currentDraft, ...rest }
  if (access.mode === 'full' || base.access.mode === 'full' || current.access.mode === 'full') {
    return { ...draft, ...rest }
  }
  const selection = new Set(
    mergeLists(base.access.operations, access.operations, current.access.operations),
  )
  return { ...rest, mode: 'list', selection }
}

function mergeAddresses(base: EditableKey, draft: Draft, current: EditableKey): string {
  const entries = parseAddresses(draft.addresses)
  return joinAddresses(mergeLists(base.allowedAddresses, entries, current.allowedAddresses))
}

function mergeLists<Id extends string>(
  base: readonly Id[],
  mine: readonly Id[],
  current: readonly Id[],
): Id[] {
  const { added, removed } = diffOperations(base, mine)
  return [...new Set([...current, ...added])].filter((id) => !removed.includes(id))
}

/** Why Confirm is disabled, as an instruction; undefined if it isn't. */
export function confirmDisabledReason(
  draft: Draft,
  base: EditableKey | undefined,
): string | undefined {
  if (characters(trimmedNote(draft)) > NOTE_MAX) return `Shorten the note to ${NOTE_MAX} characters`
  if (draft.mode === 'list' && draft.selection.size === 0) {
    return 'Select at least one endpoint, or choose Full access'
  }
  if (draft.expiry.problem !== undefined) return 'Choose when the key expires, or Never'
  if (findAddressProblems(draft.addresses).length > 0) return 'Correct the addresses of the key'
  if (base && Object.keys(changesSince(base, draft)).length === 0) return 'Nothing has changed yet'
  return undefined
}
