import type { Kysely } from 'kysely'
import type { Database } from '../schema.ts'

/** Calls of a deployment in one time slot, by outcome. */
export type SlotCalls = {
  deploymentId: string
  slot: number
  allowed: number
  refused: number
  failed: number
}

/** Calls of the last minutes, of each server of several. */
export type RecentCallStore = ReturnType<typeof recentCallStore>

export function recentCallStore(db: Kysely<Database>) {
  return {
    /** Adds what a server counted; each slot of a deployment once. */
    async add(server: string, calls: readonly SlotCalls[]): Promise<void> {
      if (calls.length === 0) return
      const rows = calls.map(({ deploymentId, ...row }) => {
        return { deployment_id: deploymentId, server, ...row }
      })
      await db
        .insertInto('recent_calls')
        .values(rows)
        .onConflict((conflict) => conflict.doNothing())
        .execute()
    },

    /** What the other servers counted of a deployment after a slot. */
    async ofOthers(server: string, deploymentId: string, after: number): Promise<SlotCalls[]> {
      const rows = await db
        .selectFrom('recent_calls')
        .select(({ fn }) => [
          'slot',
          fn.sum('allowed').as('allowed'),
          fn.sum('refused').as('refused'),
          fn.sum('failed').as('failed'),
        ])
        .where('deployment_id', '=', deploymentId)
        .where('server', '<>', server)
        .where('slot', '>', after)
        .groupBy('slot')
        .execute()
      return rows.map(({ slot, allowed, refused, failed }) => ({
        deploymentId,
        slot,
        allowed: Number(allowed),
        refused: Number(refused),
        failed: Number(failed),
      }))
    },

    /** Forgets the slots up to this one. */
    async prune(upTo: number): Promise<void> {
      await db.deleteFrom('recent_calls').where('slot', '<=', upTo).execute()
    },
  }
}
