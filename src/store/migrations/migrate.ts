import type { Kysely } from 'kysely'
import { DEFAULT_MIGRATION_TABLE, Migrator, type Migration } from 'kysely/migration'
import type { Database } from '../schema.ts'
import { FIRST_MIGRATION, migrations } from './migrations.ts'

/** The store was migrated by a newer version. It was left untouched. */
export class StoreTooNew extends Error {
  /** The first migration that this version doesn't know. */
  readonly change: string

  constructor(change: string) {
    super(`the store has the change ${change}, which this version doesn't know`)
    this.name = 'StoreTooNew'
    this.change = change
  }
}

/** Called with the last applied migration before an older store is migrated. */
export type BeforeMigration = (lastChange: string) => Promise<void>

type Options = {
  beforeMigration: BeforeMigration
  /** In the order of their names. */
  all?: Record<string, Migration>
}

/**
 * Migrates a store to this version. Rejects with {@link StoreTooNew}, with the error of
 * `beforeMigration`, or with a migration's error; all migrations are then rolled back.
 *
 * @returns whether the store is new
 */
export async function migrate(
  db: Kysely<Database>,
  { beforeMigration, all = migrations }: Options,
): Promise<boolean> {
  const done = await appliedMigrations(db)
  const unknown = done.find((name) => !Object.hasOwn(all, name))
  if (unknown !== undefined) throw new StoreTooNew(unknown)
  const last = done.at(-1)
  const isOld = Object.keys(all).some((name) => !done.includes(name))
  if (last !== undefined && isOld) await beforeMigration(last)
  const migrator = new Migrator({ db, provider: { getMigrations: async () => all } })
  const { error, results = [] } = await migrator.migrateToLatest()
  if (error) throw error
  return results.some(({ migrationName }) => migrationName === FIRST_MIGRATION)
}

/** Names of the applied migrations in order; empty for a new store. */
export async function appliedMigrations(db: Kysely<Database>): Promise<string[]> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true })
  if (!tables.some(({ name }) => name === DEFAULT_MIGRATION_TABLE)) return []
  const table = db.withTables<{ [DEFAULT_MIGRATION_TABLE]: { name: string } }>()
  const rows = await table.selectFrom(DEFAULT_MIGRATION_TABLE).select('name').execute()
  return rows.map(({ name }) => name).toSorted((one, other) => (one < other ? -1 : 1))
}
