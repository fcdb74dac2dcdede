import type { Access } from '../../../contract/access/access.ts'
import { diffOperations } from '../../../contract/access/summary.ts'
import type { OperationId } from '../../../contract/catalog/operation.ts'
import { characters, NOTE_MAX } from '../../../contract/http/limits.ts'
import type { ApiKeyInput } from '../../../contract/schemas.ts'
import { formatZonedTime } from '../../ui/text/zoned-time.ts'
import type { Selection } from '../picker/selection.ts'
import {
  describeAddresses,
  findAddressProblems,
  joinAddresses,
  parseAddresses,
} from './addresses.ts'
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
export type EditableKey = {
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

export function toDraft({ note, access, expiresAt, allowedAddresses }: EditableKey): Draft {
  const operations = access.mode === 'list' ? access.operations : []
  return {
    note,
    mode: access.mode,
    selection: new Set(operations),
    expiry: expiryOf(expiresAt),
    addresses: joinAddresses(allowedAddresses),
  }
}

export function draftAccess({ mode, selection }: Pick<Draft, 'mode' | 'selection'>): Access {
  return mode === 'full' ? { mode } : { mode, operations: [...selection] }
}

function listedOperations(access: Access): readonly OperationId[] {
  return access.mode === 'list' ? access.operations : []
}

/** Whether two accesses grant the same; the order of a list means nothing. */
export function sameAccess(one: Access, other: Access): boolean {
  if (one.mode !== other.mode) return false
  return sameEntries(listedOperations(one), listedOperations(other))
}

function sameEntries(one: readonly string[], other: readonly string[]): boolean {
  const { added, removed } = diffOperations(one, other)
  return added.length + removed.length === 0
}

/** The note as it is sent: without blanks around it. */
export function trimmedNote({ note }: Draft): string {
  return note.trim()
}

export function isDirty(initial: Draft, draft: Draft): boolean {
  return (
    initial.note !== draft.note ||
    initial.expiry.at !== draft.expiry.at ||
    initial.addresses !== draft.addresses ||
    !sameAccess(draftAccess(initial), draftAccess(draft))
  )
}

export type Changes = Pick<ApiKeyInput, 'note' | 'access' | 'expiresAt' | 'allowedAddresses'>

/** The body of a PATCH: only what differs from the version it is based on. */
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

/** The body of a POST; limits that aren't set go unsaid. */
export function toCreateBody(draft: Draft): ApiKeyInput {
  const entries = parseAddresses(draft.addresses)
  return {
    note: trimmedNote(draft),
    access: toAccessInput(draftAccess(draft)),
    ...(draft.expiry.at && { expiresAt: draft.expiry.at }),
    ...(entries.length > 0 && { allowedAddresses: entries }),
  }
}

/** Access in the mutable shape that requests are typed in. */
function toAccessInput(access: Access): NonNullable<Changes['access']> {
  return access.mode === 'full'
    ? { mode: 'full' }
    : { mode: 'list', operations: [...access.operations] }
}

/** What Confirm would change, in a few words: "+3 added, −1 removed". Empty without a change. */
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
 * The draft put on top of a newer version of the key: what the user changed stays, what they
 * left alone becomes as it is now. Lists merge entry by entry.
 */
export function mergeDraft(base: EditableKey, draft: Draft, current: EditableKey): Draft {
  const now = toDraft(current)
  const rest = {
    note: draft.note.trim() === base.note.trim() ? current.note : draft.note,
    expiry: draft.expiry.at === base.expiresAt ? now.expiry : draft.expiry,
    addresses: mergeAddresses(base, draft, current),
  }
  const access = draftAccess(draft)
  if (sameAccess(base.access, access)) return { ...now, ...rest }
  if (access.mode === 'full' || base.access.mode === 'full' || current.access.mode === 'full') {
    return { ...draft, ...rest }
  }
  const selection = new Set(
    merge(base.access.operations, access.operations, current.access.operations),
  )
  return { ...rest, mode: 'list', selection }
}

function mergeAddresses(base: EditableKey, draft: Draft, current: EditableKey): string {
  const entries = parseAddresses(draft.addresses)
  return joinAddresses(merge(base.allowedAddresses, entries, current.allowedAddresses))
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
