import type { Kysely } from 'kysely'
import type { Database } from '../schema.ts'

/** How often a sign-in failed under a key, and when it did last. */
export type SignInGuesses = { failures: number; lastAt: string }

/** Failed sign-ins, counted under keys that the host chooses. */
export type SignInGuessStore = ReturnType<typeof signInGuessStore>

export function signInGuessStore(db: Kysely<Database>) {
  return {
    async get(key: string): Promise<SignInGuesses | undefined> {
      const row = await db
        .selectFrom('sign_in_guesses')
        .selectAll()
        .where('key', '=', key)
        .executeTakeFirst()
      return row && { failures: row.failures, lastAt: row.last_at }
    },

    /** Puts `next` in the place of `past`; false, and nothing changed, where another was faster. */
    async replace(
      key: string,
      past: SignInGuesses | undefined,
      next: SignInGuesses,
    ): Promise<boolean> {
      const row = { failures: next.failures, last_at: next.lastAt }
      if (!past) {
        const added = await db
          .insertInto('sign_in_guesses')
          .values({ key, ...row })
          .onConflict((conflict) => conflict.column('key').doNothing())
          .executeTakeFirst()
        return added.numInsertedOrUpdatedRows === 1n
      }
      const { numUpdatedRows } = await db
        .updateTable('sign_in_guesses')
        .set(row)
        .where('key', '=', key)
        .where('failures', '=', past.failures)
        .where('last_at', '=', past.lastAt)
        .executeTakeFirst()
      return numUpdatedRows === 1n
    },

    /** Takes back one of what was counted. */
    async lessen(key: string): Promise<void> {
      await db
        .updateTable('sign_in_guesses')
        .set((set) => ({ failures: set('failures', '-', 1) }))
        .where('key', '=', key)
        .where('failures', '>', 0)
        .execute()
    },

    /** Forgets what was counted under a key. */
    async clear(key: string): Promise<void> {
      await db.deleteFrom('sign_in_guesses').where('key', '=', key).execute()
    },

    /** Forgets what was counted last before this time. */
    async prune(before: string): Promise<void> {
      await db.deleteFrom('sign_in_guesses').where('last_at', '<', before).execute()
    },
  }
}
