import type { Kysely, Selectable } from 'kysely'
import type { Role } from '../../contract/accounts/roles.ts'
import { toHex } from '../../contract/bytes.ts'
import type { Database } from '../schema.ts'
import { byName } from '../sql/by-name.ts'

/** An automation token as it is stored, without what its secret is checked by. */
export type TokenRecord = {
  id: string
  name: string
  role: Role
  createdAt: string
  createdBy: string
  expiresAt: string | null
  /** To the minute. */
  lastUsedAt: string | null
}

export type NewToken = Omit<TokenRecord, 'lastUsedAt'> & {
  /** SHA-256 of the secret; the secret itself never gets here. */
  secretHash: Uint8Array
  lastUsedAt?: string | null
}

/** The automation tokens. Everything rejects when the engine does. */
export type TokenStore = ReturnType<typeof tokenStore>

function toRecord(row: Selectable<Database['tokens']>): TokenRecord {
  return {
    id: row.id,
    name: row.name,
    role: row.role,
    createdAt: row.created_at,
    createdBy: row.created_by,
    expiresAt: row.expires_at,
    lastUsedAt: row.last_used_at,
  }
}

export function tokenStore(db: Kysely<Database>) {
  return {
    /** Every token, by name. */
    async list(): Promise<TokenRecord[]> {
      const rows = await db.selectFrom('tokens').selectAll().execute()
      return rows.toSorted(byName).map(toRecord)
    },

    async create(token: NewToken): Promise<void> {
      await db
        .insertInto('tokens')
        .values({
          id: token.id,
          name: token.name,
          role: token.role,
          secret_hash: toHex(token.secretHash),
          created_at: token.createdAt,
          created_by: token.createdBy,
          expires_at: token.expiresAt,
          last_used_at: token.lastUsedAt ?? null,
        })
        .execute()
    },

    /** The token with this secret, good or expired. */
    async findBySecretHash(secretHash: Uint8Array): Promise<TokenRecord | undefined> {
      const row = await db
        .selectFrom('tokens')
        .selectAll()
        .where('secret_hash', '=', toHex(secretHash))
        .executeTakeFirst()
      return row && toRecord(row)
    },

    /** Notes that a token was used in this minute. */
    async noteUse(id: string, minute: string): Promise<void> {
      await db.updateTable('tokens').set({ last_used_at: minute }).where('id', '=', id).execute()
    },

    /** Deletes a token and gives what it was; undefined where there is none. */
    async remove(id: string): Promise<TokenRecord | undefined> {
      const row = await db
        .deleteFrom('tokens')
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirst()
      return row && toRecord(row)
    },
  }
}
