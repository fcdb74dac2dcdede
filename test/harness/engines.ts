import { Client } from 'pg'
import { inject, onTestFinished } from 'vitest'
import { openPostgres } from '../../src/server/engines/postgres/postgres.ts'
import { sqliteDialect } from '../../src/server/engines/sqlite/sqlite.ts'
import { openStore, type Store, type StoreOptions } from '../../src/store/store.ts'
import { newDatabaseBeside } from './postgres/postgres.ts'

/** An engine that the store runs on, for tests that have to hold on each. */
export type TestEngine = {
  name: 'SQLite' | 'PostgreSQL'
  /** Opens an empty store; those from before must not be used any more. Closed after the test. */
  openEmpty(): Promise<Store>
}

export const encryptionKey = new Uint8Array(32).fill(7)

async function open(options: Omit<StoreOptions, 'encryptionKey'>, close?: () => Promise<void>) {
  const store = await openStore({ ...options, encryptionKey })
  onTestFinished(async () => {
    await store.close()
    await close?.()
  })
  return store
}

let databaseUrl: Promise<string> | undefined

/** The address of a database of this test file's own. */
export function testDatabase(): Promise<string> {
  return (databaseUrl ??= newDatabaseBeside(inject('postgresUrl')))
}

/**
 * Empties a store's tables, which takes less time than to make them anew. So does deleting few rows
 * than truncating, which gives each table and index new files.
 */
async function empty(url: string): Promise<void> {
  const client = new Client(url)
  await client.connect()
  const { rows } = await client.query<{ deletes: string | null }>(
    "select string_agg('delete from ' || quote_ident(tablename), '; ') as deletes from pg_tables where schemaname = 'public' and tablename not like 'kysely_%' and tablename <> 'key_changes'",
  )
  const deletes = rows[0]?.deletes
  // In any order: what refers to others is deleted as well.
  if (deletes) await client.query(`set session_replication_role = replica; ${deletes}`)
  await client.end()
}

// Of the test that runs. Connections take longer than all else, and a property opens many stores.
let onPostgres: Promise<Store> | undefined

export const engines: readonly TestEngine[] = [
  { name: 'SQLite', openEmpty: () => open({ dialect: sqliteDialect(':memory:') }) },
  {
    name: 'PostgreSQL',
    async openEmpty() {
      const url = await testDatabase()
      await empty(url)
      if (!onPostgres) {
        const { close, ...engine } = openPostgres(url)
        onTestFinished(() => {
          onPostgres = undefined
        })
        onPostgres = open(engine, close)
      }
      return onPostgres
    },
  },
]
