import { sql, Kysely, type Dialect } from 'kysely'
import { inject } from 'vitest'
import { openPostgres } from '../../server/postgres.ts'
import { sqliteDialect } from '../../server/sqlite.ts'
import { newDatabaseBeside } from '../../server/testing/postgres.ts'
import type { StoreOptions } from '../store.ts'

/** An engine that the store runs on, for tests that have to hold on each. */
export type TestEngine = {
  name: string
  /** What opens an empty store; the one from before must not be used any more. */
  empty(): Promise<Omit<StoreOptions, 'sealingKey'> & { dialect: Dialect }>
}

let databaseUrl: Promise<string> | undefined

/** The address of a database of this test file's own. */
export function testDatabase(): Promise<string> {
  return (databaseUrl ??= newDatabaseBeside(inject('postgresUrl')))
}

async function emptied(url: string): Promise<string> {
  const db = new Kysely({ dialect: openPostgres(url).dialect })
  await sql`drop schema public cascade`.execute(db)
  await sql`create schema public`.execute(db)
  await db.destroy()
  return url
}

export const engines: readonly TestEngine[] = [
  { name: 'SQLite', empty: async () => ({ dialect: sqliteDialect(':memory:') }) },
  {
    name: 'PostgreSQL',
    async empty() {
      const { close: _close, ...engine } = openPostgres(await emptied(await testDatabase()))
      return engine
    },
  },
]
