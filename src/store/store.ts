import { Kysely, sql, type Dialect } from 'kysely'
import { Migrator } from 'kysely/migration'
import { activityIds, activityStore, type ActivityStore } from './activity.ts'
import { apiKeyStore, type ApiKeyStore, type LookUp } from './api-keys.ts'
import { deploymentStore, type DeploymentStore } from './deployments.ts'
import { FIRST_MIGRATION, migrations } from './migrations.ts'
import type { Database } from './schema.ts'
import { createSealer, proveSealingKey } from './sealing.ts'
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
  /** Whether nothing was there before it was opened; of several servers, for one alone. */
  readonly isNew: boolean
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
  /** For the migrations, where the engine has another for work that takes long. */
  migrationDialect?: Dialect
  /**
   * Reads what is committed, on a connection of its own. The gateway looks its keys up by it,
   * where an engine has a shorter way than through Kysely.
   */
  lookUp?: LookUp
}

/**
 * Opens the store and migrates it to the newest schema. Rejects when that fails, and with
 * `WrongSealingKey` where it was made with another key.
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { dialect, migrationDialect, sealingKey, lookUp } = options
  const db = new Kysely<Database>({ dialect })
  const sealer = await createSealer(sealingKey)
  let isNew: boolean
  try {
    isNew = await migrate(db, migrationDialect)
    await proveSealingKey(db, sealer)
  } catch (error) {
    await db.destroy()
    throw error
  }
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
    isNew,
    database: db,
    ping: async () => {
      await sql`select 1`.execute(db)
    },
    close: () => db.destroy(),
  }
}

/** Whether there was nothing before. */
async function migrate(db: Kysely<Database>, dialect: Dialect | undefined): Promise<boolean> {
  const on = dialect ? new Kysely<Database>({ dialect }) : db
  const migrator = new Migrator({ db: on, provider: { getMigrations: async () => migrations } })
  const { error, results = [] } = await migrator.migrateToLatest()
  if (on !== db) await on.destroy()
  if (error) throw error
  return results.some(({ migrationName }) => migrationName === FIRST_MIGRATION)
}
