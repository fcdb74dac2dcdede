import type { Kysely } from 'kysely'
import type { Role } from '../../contract/accounts/roles.ts'
import type { Database } from '../schema.ts'
import { inTransaction } from '../sql/transaction.ts'
import type { UpdateResult } from '../update-result.ts'

/** A user as it is stored, without what a password is checked by. */
export type UserRecord = {
  id: string
  username: string
  role: Role
  signIn: 'password' | 'openId'
  createdAt: string
  lastSignInAt: string | null
  version: number
}

export type NewUser = {
  id: string
  username: string
  role: Role
  /** Null for a user who can't sign in by password yet. */
  passwordHash?: string | null
  /** The OpenID provider's subject, for a user who signs in by it and not by password. */
  subject?: string
  createdAt: string
  lastSignInAt?: string | null
}

/** The users. Everything rejects when the engine does. */
export type UserStore = ReturnType<typeof userStore>

export function userStore(db: Kysely<Database>) {
  const rows = () =>
    db
      .selectFrom('users')
      .select(['id', 'username', 'role', 'created_at', 'last_sign_in_at', 'version'])
      .select((select) =>
        select
          .selectFrom('accounts')
          .select((select) => select.fn.countAll().as('passwords'))
          .whereRef('accounts.user_id', '=', 'users.id')
          .where('provider_id', '=', 'credential')
          .as('passwords'),
      )
  type Row = Awaited<ReturnType<ReturnType<typeof rows>['execute']>>[number]

  function toRecord(row: Row): UserRecord {
    return {
      id: row.id,
      username: row.username,
      role: row.role,
      signIn: Number(row.passwords) > 0 ? 'password' : 'openId',
      createdAt: row.created_at,
      lastSignInAt: row.last_sign_in_at,
      version: row.version,
    }
  }

  async function get(id: string): Promise<UserRecord | undefined> {
    const row = await rows().where('id', '=', id).executeTakeFirst()
    return row && toRecord(row)
  }

  async function why(id: string): Promise<{ outcome: 'missing' } | { outcome: 'stale' }> {
    return { outcome: (await get(id)) ? 'stale' : 'missing' }
  }

  return {
    get,

    /** What a password is checked by, of the user of this name; in one read, whoever there is. */
    async forSignIn(
      username: string,
    ): Promise<{ id: string; username: string; passwordHash: string | null } | undefined> {
      return db
        .selectFrom('users')
        .leftJoin('accounts', (join) =>
          join.onRef('accounts.user_id', '=', 'users.id').on('provider_id', '=', 'credential'),
        )
        .select(['users.id', 'username', 'password as passwordHash'])
        .where('username', '=', username)
        .executeTakeFirst()
    },

    /** The user who signs in as this subject of the OpenID provider. */
    async forSubject(subject: string): Promise<{ id: string; username: string } | undefined> {
      return db
        .selectFrom('accounts')
        .innerJoin('users', 'users.id', 'accounts.user_id')
        .select(['users.id', 'username'])
        .where('provider_id', '=', 'openid')
        .where('account_id', '=', subject)
        .executeTakeFirst()
    },

    /** Every user, by name. */
    async list(): Promise<UserRecord[]> {
      return (await rows().orderBy('username').execute()).map(toRecord)
    },

    async count(): Promise<number> {
      const { users } = await db
        .selectFrom('users')
        .select((select) => select.fn.countAll().as('users'))
        .executeTakeFirstOrThrow()
      return Number(users)
    },

    /** Adds a user; returns false and adds nothing if the name is taken. */
    async create(user: NewUser): Promise<boolean> {
      const { id, username, role, passwordHash = null, subject, createdAt } = user
      const { lastSignInAt = null } = user
      const times = { created_at: createdAt, updated_at: createdAt }
      return inTransaction(db, async (transaction) => {
        const added = await transaction
          .insertInto('users')
          .values({
            id,
            username,
            name: username,
            email: `${id}@users.invalid`,
            email_verified: 0,
            image: null,
            role,
            last_sign_in_at: lastSignInAt,
            ...times,
          })
          .onConflict((conflict) => conflict.column('username').doNothing())
          .executeTakeFirst()
        if (added.numInsertedOrUpdatedRows !== 1n) return false
        await transaction
          .insertInto('accounts')
          .values({
            id,
            user_id: id,
            ...(subject === undefined
              ? { provider_id: 'credential', account_id: id, password: passwordHash }
              : { provider_id: 'openid', account_id: subject, password: null }),
            ...times,
          })
          .execute()
        return true
      })
    },

    /**
     * The ids of the administrators. Until this transaction ends no other one changes their
     * roles, so that what is decided by them still holds when it is written.
     */
    async lockAdministrators(): Promise<string[]> {
      const rows = await db
        .updateTable('users')
        .set({ role: 'administrator' })
        .where('role', '=', 'administrator')
        .returning('id')
        .execute()
      return rows.map(({ id }) => id)
    },

    /** Changes what is given of a user who still is at this version. */
    async update(
      { id, version, at }: { id: string; version: number; at: string },
      change: { role?: Role | undefined; passwordHash?: string | null | undefined },
    ): Promise<UpdateResult<UserRecord>> {
      const { role, passwordHash } = change
      return inTransaction(db, async (transaction) => {
        const updated = await transaction
          .updateTable('users')
          .set({ ...(role && { role }), updated_at: at, version: version + 1 })
          .where('id', '=', id)
          .where('version', '=', version)
          .executeTakeFirst()
        const users = userStore(transaction)
        const record = await users.get(id)
        if (!record) return { outcome: 'missing' }
        if (updated.numUpdatedRows === 0n) return { outcome: 'stale' }
        if (passwordHash !== undefined) await users.setPassword(id, passwordHash, at)
        return { outcome: 'done', result: record }
      })
    },

    /** Sets what the password of a user is checked by. */
    async setPassword(id: string, passwordHash: string | null, at: string): Promise<void> {
      await db
        .updateTable('accounts')
        .set({ password: passwordHash, updated_at: at })
        .where('user_id', '=', id)
        .where('provider_id', '=', 'credential')
        .execute()
    },

    /** Notes that a user has signed in. */
    async noteSignIn(id: string, at: string): Promise<void> {
      await db.updateTable('users').set({ last_sign_in_at: at }).where('id', '=', id).execute()
    },

    /** Removes a user with every session; only at this version where one is given. */
    async remove(id: string, version: number | undefined): Promise<UpdateResult<null>> {
      let removal = db.deleteFrom('users').where('id', '=', id)
      if (version !== undefined) removal = removal.where('version', '=', version)
      const { numDeletedRows } = await removal.executeTakeFirst()
      return numDeletedRows > 0n ? { outcome: 'done', result: null } : why(id)
    },
  }
}
