import type { Insertable, Kysely, Selectable } from 'kysely'
import { z } from 'zod'
import {
  activityEntrySchema,
  type ActivityEntry,
  type ActivityFilter,
} from '../contract/activity/schemas.ts'
import { toHex } from '../contract/bytes.ts'
import type { Database } from './schema.ts'
import { like, likeWords } from './sql/search.ts'

/** An entry to be added; the store gives it its id. */
export type NewActivityEntry = Omit<ActivityEntry, 'id'>

/** A place in Activity: time and id of the last entry seen. */
export type ActivityPosition = { at: string; id: string }

export type ActivityListing = ActivityFilter & {
  limit: number
  after?: ActivityPosition | undefined
}

const storedChanges = z.array(activityEntrySchema.shape.changes.element)

function toEntry(row: Selectable<Database['activity']>): ActivityEntry {
  const { deployment_id: deploymentId, deployment_name: deploymentName } = row
  return {
    id: row.id,
    at: row.at,
    action: row.action,
    actor: { kind: row.actor_kind, id: row.actor_id, name: row.actor_name },
    address: row.address,
    deployment:
      deploymentId === null ? null : { id: deploymentId, name: deploymentName ?? deploymentId },
    subject: { kind: row.subject_kind, id: row.subject_id, name: row.subject_name },
    changes: storedChanges.parse(JSON.parse(row.changes)),
  }
}

function toRow(entry: NewActivityEntry, id: string): Insertable<Database['activity']> {
  const { actor, deployment, subject } = entry
  const searched = [
    actor.name,
    subject.name,
    subject.kind === 'apiKey' ? subject.id : null,
    deployment?.name,
    deployment?.id,
    entry.address,
  ]
  return {
    id,
    at: entry.at,
    action: entry.action,
    actor_kind: actor.kind,
    actor_id: actor.id,
    actor_name: actor.name,
    address: entry.address,
    deployment_id: deployment?.id ?? null,
    deployment_name: deployment?.name ?? null,
    subject_kind: subject.kind,
    subject_id: subject.id,
    subject_name: subject.name,
    changes: JSON.stringify(entry.changes),
    search_folded: searched.filter(Boolean).join(' ').toLowerCase(),
  }
}

/**
 * Makes the ids of entries: in order within one process, so that what happened in the same
 * millisecond keeps its order, and random enough for several processes.
 */
export function activityIds(): (at: string) => string {
  let last = { at: '', count: 0 }
  return (at) => {
    last = { at, count: last.at === at ? last.count + 1 : 0 }
    const tail = toHex(crypto.getRandomValues(new Uint8Array(6)))
    return `${last.count.toString(16).padStart(6, '0')}${tail}`
  }
}

// SQLite takes at most 32,766 parameters in a statement; an entry has fourteen.
const ROWS_PER_INSERT = 1000

/** What was done. Entries are added, never changed, and outlive what they are about. */
export type ActivityStore = ReturnType<typeof activityStore>

export function activityStore(db: Kysely<Database>, newId: (at: string) => string) {
  return {
    /** Adds entries, in the transaction of what they tell of. */
    async add(...entries: readonly NewActivityEntry[]): Promise<void> {
      for (let from = 0; from < entries.length; from += ROWS_PER_INSERT) {
        const rows = entries
          .slice(from, from + ROWS_PER_INSERT)
          .map((entry) => toRow(entry, newId(entry.at)))
        await db.insertInto('activity').values(rows).execute()
      }
    },

    /** A page of entries, the newest first; one more than needed tells of another page. */
    async list(listing: ActivityListing): Promise<ActivityEntry[]> {
      const { search, subject, deploymentId, appId, from, to, limit, after } = listing
      let query = db.selectFrom('activity').selectAll()
      if (subject !== undefined) query = query.where('subject_kind', '=', subject)
      if (deploymentId !== undefined) query = query.where('deployment_id', '=', deploymentId)
      if (appId !== undefined) {
        query = query.where('subject_kind', '=', 'apiKey').where('subject_id', '=', appId)
      }
      if (from !== undefined) query = query.where('at', '>=', from)
      if (to !== undefined) query = query.where('at', '<', to)
      for (const pattern of likeWords(search)) query = query.where(like('search_folded', pattern))
      if (after) {
        query = query.where((where) =>
          where(where.refTuple('at', 'id'), '<', where.tuple(after.at, after.id)),
        )
      }
      const rows = await query.orderBy('at', 'desc').orderBy('id', 'desc').limit(limit).execute()
      return rows.map(toEntry)
    },
  }
}
