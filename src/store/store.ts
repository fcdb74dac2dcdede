import { Kysely, sql, type Dialect } from 'kysely'
import { Migrator } from 'kysely/migration'
import { apiKeyStore, type ApiKeyStore, type LookUp } from './api-keys.ts'
import { deploymentStore, type DeploymentStore } from './deployments.ts'
import { migrations } from './migrations.ts'
import type { Database } from './schema.ts'
import { createSealer } from './sealing.ts'

/** The one store: deployments and API keys, on any engine that Kysely has a dialect for. */
export type Store = {
  deployments: DeploymentStore
  apiKeys: ApiKeyStore
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
  return {
    deployments: deploymentStore(db, await createSealer(sealingKey)),
    apiKeys: apiKeyStore(db, lookUp),
    ping: async () => {
      await sql`select 1`.execute(db)
    },
    close: () => db.destroy(),
  }
}
