import { Client } from 'pg'
import { inject, onTestFinished } from 'vitest'
import { openPostgres } from '../../server/postgres.ts'
import { sqliteDialect } from '../../server/sqlite.ts'
import { newDatabaseBeside } from '../../server/testing/postgres.ts'
import { openStore, type Store, type StoreOptions } from '../store.ts'

/** An engine that the store runs on, for tests that have to hold on each. */
export type TestEngine = {
  name: 'SQLite' | 'PostgreSQL'
  /** Opens an empty store; those from before must not be used any more. Closed after the test. */
  openEmpty(): Promise<Store>
  /** How many lives of a store a property is tried with: one here takes as long as ten there. */
  runs: number
}

export const sealingKey = new Uint8Array(32).fill(7)

async function open(options: Omit<StoreOptions, 'sealingKey'>, close?: () => Promise<void>) {
  const store = await openStore({ ...options, sealingKey })
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

/** Empties a store's tables, which takes less time than to make them anew. */
async function empty(url: string): Promise<void> {
  const client = new Client(url)
  await client.connect()
  const { rows } = await client.query<{ names: string | null }>(
    "select string_agg(tablename, ', ') as names from pg_tables where schemaname = 'public' and tablename not like 'kysely_%'",
  )
  const names = rows[0]?.names
  if (names) await client.query(`truncate ${names}`)
  await client.end()
}

export const engines: readonly TestEngine[] = [
  { name: 'SQLite', openEmpty: () => open({ dialect: sqliteDialect(':memory:') }), runs: 40 },
  {
    name: 'PostgreSQL',
    async openEmpty() {
      const url = await testDatabase()
      await empty(url)
      const { close, ...engine } = openPostgres(url)
      return open(engine, close)
    },
    runs: 10,
  },
]
