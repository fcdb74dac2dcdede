import type { Kysely } from 'kysely'
import type { Database } from '../schema.ts'

/** The failed authentications counted under one key. Times are RFC 3339 UTC texts. */
export type Attempts = { failures: number; lastAt: string }

/** Failed authentications, counted under keys that the limiter chooses. */
export type AttemptStore = ReturnType<typeof attemptStore>

export function attemptStore(db: Kysely<Database>) {
  return {
    async get(key: string): Promise<Attempts | undefined> {
      const row = await db
        .selectFrom('failed_attempts')
        .select(['failures', 'last_at'])
        .where('key', '=', key)
        .executeTakeFirst()
      return row && { failures: row.failures, lastAt: row.last_at }
    },

    /**
     * Replaces `past` by `next` unless the row has changed since it was read (compare-and-set).
     *
     * @returns whether the row was written
     */
    async replace(
      key: string,
      past: Attempts | undefined,
      next: Attempts & { expiresAt: string },
    ): Promise<boolean> {
      const row = { failures: next.failures, last_at: next.lastAt, expires_at: next.expiresAt }
      if (!past) {
        const added = await db
          .insertInto('failed_attempts')
          .values({ key, ...row })
          .onConflict((conflict) => conflict.column('key').doNothing())
          .executeTakeFirst()
        return added.numInsertedOrUpdatedRows === 1n
      }
      const { numUpdatedRows } = await db
        .updateTable('failed_attempts')
        .set(row)
        .where('key', '=', key)
        .where('failures', '=', past.failures)
        .where('last_at', '=', past.lastAt)
        .executeTakeFirst()
      return numUpdatedRows === 1n
    },

    /** Takes one failure back. */
    async decrement(key: string): Promise<void> {
      await db
        .updateTable('failed_attempts')
        .set((set) => ({ failures: set('failures', '-', 1) }))
        .where('key', '=', key)
        .where('failures', '>', 0)
        .execute()
    },

    async remove(key: string): Promise<void> {
      await db.deleteFrom('failed_attempts').where('key', '=', key).execute()
    },

    /** Deletes the rows that expired before this time. */
    async prune(now: string): Promise<void> {
      await db.deleteFrom('failed_attempts').where('expires_at', '<', now).execute()
    },
  }
}
