import type { Kysely } from 'kysely'
import type { Database } from '../schema.ts'

/** A session as it is stored. Times are RFC 3339 UTC. */
export type SessionRecord = { userId: string; createdAt: string; expiresAt: string }

export type NewSession = SessionRecord & {
  id: string
  /** SHA-256 of the session's token in hex. */
  tokenHash: string
  method: Database['sessions']['method']
  address: string | null
}

/** The sessions of people. Everything rejects when the engine does. */
export type SessionStore = ReturnType<typeof sessionStore>

export function sessionStore(db: Kysely<Database>) {
  return {
    async create({ id, userId, tokenHash, method, address, ...times }: NewSession): Promise<void> {
      await db
        .insertInto('sessions')
        .values({
          id,
          user_id: userId,
          token: tokenHash,
          method,
          ip_address: address,
          user_agent: null,
          created_at: times.createdAt,
          updated_at: times.createdAt,
          expires_at: times.expiresAt,
        })
        .execute()
    },

    /** The session of a token, expired or not. */
    async get(tokenHash: string): Promise<SessionRecord | undefined> {
      return db
        .selectFrom('sessions')
        .select(['user_id as userId', 'created_at as createdAt', 'expires_at as expiresAt'])
        .where('token', '=', tokenHash)
        .executeTakeFirst()
    },

    /** Sets when a session expires without use. */
    async extend(tokenHash: string, { at, expiresAt }: { at: string; expiresAt: string }) {
      await db
        .updateTable('sessions')
        .set({ updated_at: at, expires_at: expiresAt })
        .where('token', '=', tokenHash)
        .execute()
    },

    /** Ends the session of a token; false if there was none. */
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

    /** Deletes the sessions that expired before a time. */
    async prune(before: string): Promise<void> {
      await db.deleteFrom('sessions').where('expires_at', '<', before).execute()
    },
  }
}
