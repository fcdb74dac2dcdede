import type { Access } from '../../../contract/access/access.ts'
import { diffOperations } from '../../../contract/access/summary.ts'
import type { OperationId } from '../../../contract/catalog/operation.ts'
import { characters, NOTE_MAX } from '../../../contract/http/limits.ts'
import type { ApiKeyInput } from '../../../contract/schemas.ts'
import { zonedMoment } from '../data/zoned-moment.ts'
import type { Selection } from '../picker/selection.ts'
import { addressesText, addressProblems, addressText, entriesOf } from './addresses.ts'
import { expiryOf, neverExpires, type Expiry } from './expiry.ts'

/** What the New / Edit dialog holds. The selection outlives a change to full access and back. */
export type Draft = {
  note: string
  mode: Access['mode']
  selection: Selection
  expiry: Expiry
  /** As it is typed, one address a line. */
  addresses: string
}

/** The parts of an API key that can be edited. */
export type Editable = {
  note: string
  access: Access
  expiresAt: string | null
  allowedAddresses: readonly string[]
}

export const emptyDraft: Draft = {
  note: '',
  mode: 'list',
  selection: new Set(),
  expiry: neverExpires,
  addresses: '',
}

export function draftOf({ note, access, expiresAt, allowedAddresses }: Editable): Draft {
  const operations = access.mode === 'list' ? access.operations : []
  return {
    note,
    mode: access.mode,
    selection: new Set(operations),
    expiry: expiryOf(expiresAt),
    addresses: addressText(allowedAddresses),
  }
}

export function accessOf({ mode, selection }: Pick<Draft, 'mode' | 'selection'>): Access {
  return mode === 'full' ? { mode } : { mode, operations: [...selection] }
}

function operationsOf(access: Access): readonly OperationId[] {
  return access.mode === 'list' ? access.operations : []
}

/** Whether two accesses grant the same; the order of a list means nothing. */
export function sameAccess(one: Access, other: Access): boolean {
  if (one.mode !== other.mode) return false
  return sameEntries(operationsOf(one), operationsOf(other))
}

function sameEntries(one: readonly string[], other: readonly string[]): boolean {
  const { added, removed } = diffOperations(one, other)
  return added.length + removed.length === 0
}

/** The note as it is sent: without blanks around it. */
export function sentNote({ note }: Draft): string {
  return note.trim()
}

export function isDirty(initial: Draft, draft: Draft): boolean {
  return (
    initial.note !== draft.note ||
    initial.expiry.at !== draft.expiry.at ||
    initial.addresses !== draft.addresses ||
    !sameAccess(accessOf(initial), accessOf(draft))
  )
}

export type Changes = Pick<ApiKeyInput, 'note' | 'access' | 'expiresAt' | 'allowedAddresses'>

/** The body of a PATCH: only what differs from the version it is based on. */
export function changesSince(base: Editable, draft: Draft): Changes {
  const access = accessOf(draft)
  const entries = entriesOf(draft.addresses)
  const { at } = draft.expiry
  return {
    ...(sentNote(draft) !== base.note.trim() && { note: sentNote(draft) }),
    ...(!sameAccess(base.access, access) && { access: asInput(access) }),
    ...(at !== undefined && at !== base.expiresAt && { expiresAt: at }),
    ...(!sameEntries(base.allowedAddresses, entries) && { allowedAddresses: entries }),
  }
}

/** The body of a POST; limits that aren't set go unsaid. */
export function inputOf(draft: Draft): ApiKeyInput {
  const entries = entriesOf(draft.addresses)
  return {
    note: sentNote(draft),
    access: asInput(accessOf(draft)),
    ...(draft.expiry.at && { expiresAt: draft.expiry.at }),
    ...(entries.length > 0 && { allowedAddresses: entries }),
  }
}

/** Access in the mutable shape that requests are typed in. */
function asInput(access: Access): NonNullable<Changes['access']> {
  return access.mode === 'full'
    ? { mode: 'full' }
    : { mode: 'list', operations: [...access.operations] }
}

/** What Confirm would change, in a few words: "+3 added, −1 removed". Empty without a change. */
export function changeText(base: Editable, draft: Draft): string {
  const { access, note, expiresAt, allowedAddresses } = changesSince(base, draft)
  const parts: string[] = []
  if (access) parts.push(accessChangeText(base.access, accessOf(draft)))
  if (expiresAt !== undefined) {
    parts.push(expiresAt === null ? 'never expires' : `expires ${zonedMoment(expiresAt)}`)
  }
  if (allowedAddresses) parts.push(addressesText(allowedAddresses))
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
 * The draft put on top of a newer version of the key: what the user changed stays, what they
 * left alone becomes as it is now. Lists merge entry by entry.
 */
export function rebase(base: Editable, draft: Draft, current: Editable): Draft {
  const now = draftOf(current)
  const rest = {
    note: draft.note.trim() === base.note.trim() ? current.note : draft.note,
    expiry: draft.expiry.at === base.expiresAt ? now.expiry : draft.expiry,
    addresses: rebaseAddresses(base, draft, current),
  }
  const access = accessOf(draft)
  if (sameAccess(base.access, access)) return { ...now, ...rest }
  if (access.mode === 'full' || base.access.mode === 'full' || current.access.mode === 'full') {
    return { ...draft, ...rest }
  }
  const selection = new Set(
    merge(base.access.operations, access.operations, current.access.operations),
  )
  return { ...rest, mode: 'list', selection }
}

function rebaseAddresses(base: Editable, draft: Draft, current: Editable): string {
  const entries = entriesOf(draft.addresses)
  return addressText(merge(base.allowedAddresses, entries, current.allowedAddresses))
}

function merge<Id extends string>(
  base: readonly Id[],
  mine: readonly Id[],
  current: readonly Id[],
): Id[] {
  const { added, removed } = diffOperations(base, mine)
  return [...new Set([...current, ...added])].filter((id) => !removed.includes(id))
}

/** Why Confirm can't be pressed, and what to do; undefined when it can. */
export function blockedReason(draft: Draft, base: Editable | undefined): string | undefined {
  if (characters(sentNote(draft)) > NOTE_MAX) return `Shorten the note to ${NOTE_MAX} characters`
  if (draft.mode === 'list' && draft.selection.size === 0) {
    return 'Select at least one endpoint, or choose Full access'
  }
  if (draft.expiry.problem !== undefined) return 'Choose when the key expires, or Never'
  if (addressProblems(draft.addresses).length > 0) return 'Correct the addresses of the key'
  if (base && Object.keys(changesSince(base, draft)).length === 0) return 'Nothing has changed yet'
  return undefined
}
