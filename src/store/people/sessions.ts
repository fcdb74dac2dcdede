import type { Kysely } from 'kysely'
import type { Database } from '../schema.ts'

/** The sessions of people. The sign-in library adds them; ending them is done here. */
export type SessionStore = ReturnType<typeof sessionStore>

export function sessionStore(db: Kysely<Database>) {
  return {
    /** Ends the session whose token has this SHA-256, in hex; false where there was none. */
    async remove(tokenHash: string): Promise<boolean> {
      const { numDeletedRows } = await db
        .deleteFrom('sessions')
        .where('token', '=', tokenHash)
        .executeTakeFirst()
      return numDeletedRows > 0n
    },

    /** Ends every session of a user. */
    async removeOfUser(userId: string): Promise<void> {
      await db.deleteFrom('sessions').where('user_id', '=', userId).execute()
    },

    /** Forgets the sessions that expired before this time. */
    async prune(before: string): Promise<void> {
      await db.deleteFrom('sessions').where('expires_at', '<', before).execute()
    },
  }
}
