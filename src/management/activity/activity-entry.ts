import type { ActivityChange, ActivityEntry } from '../../contract/activity/schemas.ts'
import type { NewActivityEntry } from '../../store/activity.ts'
import type { StoreParts } from '../../store/store.ts'
import type { Principal } from '../ports.ts'

type Change = {
  action: ActivityEntry['action']
  subject: ActivityEntry['subject']
  deployment?: { id: string; name: string } | undefined
  changes?: ActivityChange[]
}

/** Builds an audit log entry. */
export function buildActivityEntry(
  { actor, address }: Principal,
  at: Date,
  { action, subject, deployment, changes = [] }: Change,
): NewActivityEntry {
  return {
    at: at.toISOString(),
    action,
    actor: { kind: actor.kind, id: actor.id, name: actor.name },
    address,
    deployment: deployment ? { id: deployment.id, name: deployment.name } : null,
    subject,
    changes,
  }
}

/** Records a change in the audit log, in the transaction of the change. */
export async function recordActivity(
  { activity }: Pick<StoreParts, 'activity'>,
  principal: Principal,
  at: Date,
  change: Change,
): Promise<void> {
  await activity.add(buildActivityEntry(principal, at, change))
}

/** The fields of a subject that the audit log shows. Never a secret or its hash. */
export type ShownFields = Record<string, string | string[] | null>

/** The fields that differ. `before` is empty for a created subject, `after` for a deleted one. */
export function changesBetween(before: ShownFields, after: ShownFields): ActivityChange[] {
  const fields = Object.keys({ ...before, ...after })
  return fields
    .map((field) => ({ field, before: before[field] ?? null, after: after[field] ?? null }))
    .filter((change) => JSON.stringify(change.before) !== JSON.stringify(change.after))
}
