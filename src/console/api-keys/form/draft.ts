import type { Access } from '../../../contract/access/access.ts'
import { diffOperations } from '../../../contract/access/summary.ts'
import type { OperationId } from '../../../contract/catalog/operation.ts'
import { characters, NOTE_MAX } from '../../../contract/limits.ts'
import type { ApiKeyInput } from '../../../contract/schemas.ts'
import type { Selection } from '../picker/selection.ts'

/** What the New / Edit dialog holds. The selection outlives a change to full access and back. */
export type Draft = {
  note: string
  mode: Access['mode']
  selection: Selection
}

/** The parts of an API key that can be edited. */
export type Editable = { note: string; access: Access }

export const emptyDraft: Draft = { note: '', mode: 'list', selection: new Set() }

export function draftOf({ note, access }: Editable): Draft {
  const operations = access.mode === 'list' ? access.operations : []
  return { note, mode: access.mode, selection: new Set(operations) }
}

export function accessOf({ mode, selection }: Draft): Access {
  return mode === 'full' ? { mode } : { mode, operations: [...selection] }
}

function operationsOf(access: Access): readonly OperationId[] {
  return access.mode === 'list' ? access.operations : []
}

/** Whether two accesses grant the same; the order of a list means nothing. */
export function sameAccess(one: Access, other: Access): boolean {
  if (one.mode !== other.mode) return false
  const { added, removed } = diffOperations(operationsOf(one), operationsOf(other))
  return added.length + removed.length === 0
}

/** The note as it is sent: without blanks around it. */
export function sentNote({ note }: Draft): string {
  return note.trim()
}

export function isDirty(initial: Draft, draft: Draft): boolean {
  return initial.note !== draft.note || !sameAccess(accessOf(initial), accessOf(draft))
}

export type Changes = { note?: string; access?: NonNullable<ApiKeyInput['access']> }

/** The body of a PATCH: only what differs from the version it is based on. */
export function changesSince(base: Editable, draft: Draft): Changes {
  const access = accessOf(draft)
  return {
    ...(sentNote(draft) !== base.note.trim() && { note: sentNote(draft) }),
    ...(!sameAccess(base.access, access) && { access: asInput(access) }),
  }
}

/** Access in the mutable shape that requests are typed in. */
export function asInput(access: Access): NonNullable<Changes['access']> {
  return access.mode === 'full'
    ? { mode: 'full' }
    : { mode: 'list', operations: [...access.operations] }
}

/** What Confirm would change, in a few words: "+3 added, −1 removed". Empty without a change. */
export function changeText(base: Editable, draft: Draft): string {
  const changes = changesSince(base, draft)
  const parts: string[] = []
  if (changes.access) parts.push(accessChangeText(base.access, accessOf(draft)))
  if (changes.note !== undefined) parts.push('note changed')
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
 * left alone becomes as it is now. Lists merge operation by operation.
 */
export function rebase(base: Editable, draft: Draft, current: Editable): Draft {
  const note = draft.note.trim() === base.note.trim() ? current.note : draft.note
  const access = accessOf(draft)
  if (sameAccess(base.access, access)) return { ...draftOf(current), note }
  if (access.mode === 'full' || base.access.mode === 'full' || current.access.mode === 'full') {
    return { ...draft, note }
  }
  const { added, removed } = diffOperations(base.access.operations, access.operations)
  const selection = new Set([...current.access.operations, ...added])
  for (const id of removed) selection.delete(id)
  return { note, mode: 'list', selection }
}

/** Why Confirm can't be pressed, and what to do; undefined when it can. */
export function blockedReason(draft: Draft, base: Editable | undefined): string | undefined {
  if (characters(sentNote(draft)) > NOTE_MAX) return `Shorten the note to ${NOTE_MAX} characters`
  if (draft.mode === 'list' && draft.selection.size === 0) {
    return 'Select at least one endpoint, or choose Full access'
  }
  if (base && Object.keys(changesSince(base, draft)).length === 0) return 'Nothing has changed yet'
  return undefined
}
