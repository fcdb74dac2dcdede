import type { ActivityChange, ActivityEntry } from '../../contract/activity/schemas.ts'
import type { NewActivityEntry } from '../../store/activity.ts'
import type { Principal } from '../ports.ts'

type What = {
  action: ActivityEntry['action']
  subject: ActivityEntry['subject']
  deployment?: { id: string; name: string } | undefined
  changes?: ActivityChange[]
}

/** The entry of Activity for what a caller does now. It goes into the transaction of the change. */
export function buildActivityEntry(
  { actor, address }: Principal,
  at: Date,
  { action, subject, deployment, changes = [] }: What,
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

/** What Activity shows of something, by field. Never a secret or its hash. */
export type ShownFields = Record<string, string | string[] | null>

/** The fields that differ; of what is made there is no before, of what is deleted no after. */
export function changesBetween(before: ShownFields, after: ShownFields): ActivityChange[] {
  const fields = Object.keys({ ...before, ...after })
  return fields
    .map((field) => ({ field, before: before[field] ?? null, after: after[field] ?? null }))
    .filter((change) => JSON.stringify(change.before) !== JSON.stringify(change.after))
}
