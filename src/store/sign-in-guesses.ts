import type { Kysely } from 'kysely'
import type { Database } from './schema.ts'

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

    /** Counts one more, in one statement: of any number at once each gets its own count. */
    async count(key: string, at: string): Promise<SignInGuesses> {
      const row = await db
        .insertInto('sign_in_guesses')
        .values({ key, failures: 1, last_at: at })
        .onConflict((conflict) =>
          conflict.column('key').doUpdateSet((set) => ({
            failures: set('sign_in_guesses.failures', '+', 1),
            last_at: at,
          })),
        )
        .returning(['failures', 'last_at'])
        .executeTakeFirstOrThrow()
      return { failures: row.failures, lastAt: row.last_at }
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
