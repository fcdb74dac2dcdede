import { sql, type Kysely } from 'kysely'
import type { Database } from '../schema.ts'

/** What is remembered of a guesser. Times are RFC 3339 UTC texts. */
export type GuesserRecord = { guesses: number; waitUntil: string }

/** Wrong credentials shown to the gateway, counted over all servers on the store. */
export type CredentialGuessStore = ReturnType<typeof credentialGuessStore>

export function credentialGuessStore(db: Kysely<Database>) {
  return {
    /**
     * Counts one more, unless it came while its guesser had to wait. What was counted last
     * before `forgottenBefore` is forgotten.
     */
    async add(guesser: string, now: string, forgottenBefore: string): Promise<GuesserRecord> {
      const row = await db
        .insertInto('credential_guesses')
        .values({ guesser, guesses: 1, last_at: now, wait_until: now })
        .onConflict((conflict) =>
          conflict.column('guesser').doUpdateSet({
            guesses: sql<number>`case
              when credential_guesses.last_at < ${forgottenBefore} then 1
              when credential_guesses.wait_until > ${now} then credential_guesses.guesses
              else credential_guesses.guesses + 1 end`,
            last_at: sql<string>`case
              when credential_guesses.wait_until > ${now} then credential_guesses.last_at
              else ${now} end`,
          }),
        )
        .returning(['guesses', 'wait_until'])
        .executeTakeFirstOrThrow()
      return { guesses: row.guesses, waitUntil: row.wait_until }
    },

    /** Has a guesser wait after so many guesses, unless there are more by now. */
    async setWait(guesser: string, { guesses, waitUntil }: GuesserRecord): Promise<void> {
      await db
        .updateTable('credential_guesses')
        .set({ wait_until: waitUntil })
        .where('guesser', '=', guesser)
        .where('guesses', '=', guesses)
        .execute()
    },

    /** Forgets what was counted last before this time. */
    async prune(before: string): Promise<void> {
      await db.deleteFrom('credential_guesses').where('last_at', '<', before).execute()
    },
  }
}
