import type { Kysely } from 'kysely'
import type { Database } from './schema.ts'

/** A session as it is stored; of its token there is the hash alone. */
export type SessionRecord = {
  id: string
  userId: string
  method: Database['sessions']['method']
  createdAt: string
  expiresAt: string
}

/** The sessions of people. The sign-in library adds them; ending them is done here. */
export type SessionStore = ReturnType<typeof sessionStore>

export function sessionStore(db: Kysely<Database>) {
  return {
    /** The session whose token has this SHA-256, in hex. */
    async get(tokenHash: string): Promise<SessionRecord | undefined> {
      const row = await db
        .selectFrom('sessions')
        .selectAll()
        .where('token', '=', tokenHash)
        .executeTakeFirst()
      if (!row) return undefined
      return {
        id: row.id,
        userId: row.user_id,
        method: row.method,
        createdAt: row.created_at,
        expiresAt: row.expires_at,
      }
    },

    /** Ends one session; false where there was none. */
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
