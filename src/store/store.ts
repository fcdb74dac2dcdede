import { Kysely, sql, type Dialect } from 'kysely'
import { Migrator } from 'kysely/migration'
import { activityIds, activityStore, type ActivityStore } from './activity.ts'
import { apiKeyStore, type ApiKeyStore, type LookUp } from './api-keys.ts'
import { deploymentStore, type DeploymentStore } from './deployments.ts'
import { migrations } from './migrations.ts'
import type { Database } from './schema.ts'
import { createSealer } from './sealing.ts'
import { sessionStore, type SessionStore } from './sessions.ts'
import { signInGuessStore, type SignInGuessStore } from './sign-in-guesses.ts'
import { tokenStore, type TokenStore } from './tokens.ts'
import { usageStore, type UsageStore } from './usage.ts'
import { userStore, type UserStore } from './users.ts'

/** What is stored, by its kind. */
export type StoreParts = {
  deployments: DeploymentStore
  apiKeys: ApiKeyStore
  users: UserStore
  sessions: SessionStore
  signInGuesses: SignInGuessStore
  tokens: TokenStore
  activity: ActivityStore
  usage: UsageStore
}

/** The one store, on any engine that Kysely has a dialect for. */
export type Store = StoreParts & {
  /**
   * Does all of the work or none of it. The work asks the parts it is given and nothing else of
   * the store: SQLite has one connection, and asking the store itself would wait for ever.
   */
  transaction<Result>(work: (parts: StoreParts) => Promise<Result>): Promise<Result>
  /** The same parts on a transaction of {@link Store.database}. */
  partsOn(transaction: Kysely<Database>): StoreParts
  /** For the sign-in library, which brings its own queries. */
  readonly database: Kysely<Database>
  /** Rejects when the engine can't be reached. */
  ping(): Promise<void>
  close(): Promise<void>
}

export type StoreOptions = {
  dialect: Dialect
  /** 32 random bytes that the host keeps apart from the database. */
  sealingKey: Uint8Array<ArrayBuffer>
  /**
   * Reads what is committed, on a connection of its own. The gateway looks its keys up by it,
   * where an engine has a shorter way than through Kysely.
   */
  lookUp?: LookUp
}

/** Opens the store and migrates it to the newest schema. Rejects when that fails. */
export async function openStore({ dialect, sealingKey, lookUp }: StoreOptions): Promise<Store> {
  const db = new Kysely<Database>({ dialect })
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } })
  const { error } = await migrator.migrateToLatest()
  if (error) {
    await db.destroy()
    throw error
  }
  const sealer = await createSealer(sealingKey)
  const newActivityId = activityIds()
  const partsOn = (on: Kysely<Database>, lookUpOn?: LookUp): StoreParts => ({
    deployments: deploymentStore(on, sealer),
    apiKeys: apiKeyStore(on, lookUpOn),
    users: userStore(on),
    sessions: sessionStore(on),
    signInGuesses: signInGuessStore(on),
    tokens: tokenStore(on),
    activity: activityStore(on, newActivityId),
    usage: usageStore(on),
  })
  return {
    ...partsOn(db, lookUp),
    transaction: (work) => db.transaction().execute((transaction) => work(partsOn(transaction))),
    partsOn: (transaction) => partsOn(transaction),
    database: db,
    ping: async () => {
      await sql`select 1`.execute(db)
    },
    close: () => db.destroy(),
  }
}
