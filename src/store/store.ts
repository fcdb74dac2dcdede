import { Kysely, sql, type Dialect, type LogEvent } from 'kysely'
import { activityIds, activityStore, type ActivityStore } from './activity.ts'
import { attemptStore, type AttemptStore } from './attempts/attempts.ts'
import { deploymentStore, type DeploymentStore } from './deployments.ts'
import { createSecretCipher, verifyEncryptionKey } from './encryption.ts'
import { apiKeyStore, type ApiKeyStore } from './keys/api-keys.ts'
import type { PrepareReads } from './keys/key-lookup.ts'
import { migrate, type BeforeMigration } from './migrations/migrate.ts'
import { sessionStore, type SessionStore } from './people/sessions.ts'
import { tokenStore, type TokenStore } from './people/tokens.ts'
import { userStore, type UserStore } from './people/users.ts'
import type { Database } from './schema.ts'
import { NO_LOCKS, type Locks } from './sql/locks.ts'
import { recentCallStore, type RecentCallStore } from './usage/recent-calls.ts'
import { usageStore, type UsageStore } from './usage/usage.ts'

/** What is stored, by its kind. */
export type StoreParts = {
  deployments: DeploymentStore
  apiKeys: ApiKeyStore
  users: UserStore
  sessions: SessionStore
  failedAttempts: AttemptStore
  tokens: TokenStore
  activity: ActivityStore
  usage: UsageStore
  recentCalls: RecentCallStore
}

/** The one store, on any engine that Kysely has a dialect for. */
export type Store = StoreParts & {
  /**
   * Runs work in a transaction, one at a time over all servers. The work must use the parts it is
   * given or their transaction: SQLite has one connection, so the store itself would wait for ever.
   */
  transaction<Result>(
    work: (parts: StoreParts, transaction: Kysely<Database>) => Promise<Result>,
  ): Promise<Result>
  /** Whether nothing was there before it was opened; of several servers, for one alone. */
  readonly isNew: boolean
  /** For moves between engines and for tests. */
  readonly database: Kysely<Database>
  /** Rejects when the engine can't be reached. */
  ping(): Promise<void>
  close(): Promise<void>
}

/** A query that the engine was asked for, without what it was about. */
export type StoreQuery = { kind: 'read' | 'write'; milliseconds: number; failed: boolean }

export type StoreOptions = {
  dialect: Dialect
  /** 32 random bytes that the host keeps apart from the database. */
  encryptionKey: Uint8Array<ArrayBuffer>
  /** For work that takes long, migrations and what runs in the background, where there is one. */
  longRunningDialect?: Dialect
  /** Needed where the engine has several connections. */
  locks?: Locks
  /** How the gateway looks its keys up, where an engine has a shorter way than through Kysely. */
  prepareReads?: PrepareReads
  /**
   * Lets other work of the process go on between the statements of a long write, where the engine
   * keeps all of it waiting.
   */
  yieldToEventLoop?: () => Promise<void>
  /** Told of each query but those of `prepareReads`, once it is over. */
  onQuery?: (query: StoreQuery) => void
  beforeMigration?: BeforeMigration
}

/**
 * Opens the store and migrates it to the newest schema. Rejects when that fails, with
 * `WrongEncryptionKey` where it was made with another key, and with `StoreTooNew` where it was
 * changed by a later version.
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { dialect, longRunningDialect, encryptionKey, prepareReads, onQuery } = options
  const { locks = NO_LOCKS, yieldToEventLoop = async () => {} } = options
  const db = new Kysely<Database>({ dialect, ...(onQuery && { log: toldTo(onQuery) }) })
  const longRunning = longRunningDialect
    ? new Kysely<Database>({ dialect: longRunningDialect })
    : db
  const close = async () => {
    if (longRunning !== db) await longRunning.destroy()
    await db.destroy()
  }
  const cipher = await createSecretCipher(encryptionKey)
  let isNew: boolean
  try {
    const { beforeMigration = async () => {} } = options
    isNew = await migrate(longRunning, { beforeMigration })
    await verifyEncryptionKey(db, cipher)
  } catch (error) {
    await close()
    throw error
  }
  const newActivityId = activityIds()
  const partsOn = (on: Kysely<Database>, lookUpOn?: PrepareReads): StoreParts => ({
    deployments: deploymentStore(on, cipher, locks),
    apiKeys: apiKeyStore(on, locks, lookUpOn),
    users: userStore(on),
    sessions: sessionStore(on),
    failedAttempts: attemptStore(on),
    tokens: tokenStore(on),
    activity: activityStore(on, newActivityId),
    usage: usageStore(on, { locks, longRunning, yieldToEventLoop }),
    recentCalls: recentCallStore(on),
  })
  const inTurn = oneAtATime()
  return {
    ...partsOn(db, prepareReads),
    transaction: (work) =>
      inTurn(() =>
        db.transaction().execute(async (transaction) => {
          await locks.serializeChanges(transaction)
          return work(partsOn(transaction), transaction)
        }),
      ),
    isNew,
    database: db,
    ping: async () => {
      await sql`select 1`.execute(db)
    },
    close,
  }
}

function toldTo(onQuery: (query: StoreQuery) => void) {
  return ({ level, query, queryDurationMillis: milliseconds }: LogEvent) => {
    const kind = query.query.kind === 'SelectQueryNode' ? 'read' : 'write'
    onQuery({ kind, milliseconds, failed: level === 'error' })
  }
}

/** Changes of one server wait here, so that they don't take all its connections to wait on. */
function oneAtATime() {
  let last: Promise<unknown> = Promise.resolve()
  return <Result>(work: () => Promise<Result>): Promise<Result> => {
    const done = last.then(work)
    last = done.catch(() => {})
    return done
  }
}
