import type { Kysely } from 'kysely'
import { DEFAULT_MIGRATION_TABLE, Migrator, type Migration } from 'kysely/migration'
import type { Database } from '../schema.ts'
import { FIRST_MIGRATION, migrations } from './migrations.ts'

/** Thrown where a store was changed by a later version than this one; nothing of it was touched. */
export class StoreTooNew extends Error {
  /** The first change that this version doesn't know. */
  readonly change: string

  constructor(change: string) {
    super(`the store has the change ${change}, which this version doesn't know`)
    this.name = 'StoreTooNew'
    this.change = change
  }
}

/** Told of the last change that an older store has, before it gets those that it lacks. */
export type BeforeMigration = (lastChange: string) => Promise<void>

type Options = {
  beforeMigration: BeforeMigration
  /** In the order of their names. */
  all?: Record<string, Migration>
}

/**
 * Brings a store up to date. Rejects with {@link StoreTooNew}, with what `beforeMigration` rejects
 * with, or where a change fails; engines whose schema is part of a transaction then have none of
 * them.
 *
 * @returns whether there was nothing before
 */
export async function migrate(
  db: Kysely<Database>,
  { beforeMigration, all = migrations }: Options,
): Promise<boolean> {
  const done = await changesOf(db)
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

/** The names of the changes that a store has, in order; none where it is new. */
export async function changesOf(db: Kysely<Database>): Promise<string[]> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true })
  if (!tables.some(({ name }) => name === DEFAULT_MIGRATION_TABLE)) return []
  const table = db.withTables<{ [DEFAULT_MIGRATION_TABLE]: { name: string } }>()
  const rows = await table.selectFrom(DEFAULT_MIGRATION_TABLE).select('name').execute()
  return rows.map(({ name }) => name).toSorted((one, other) => (one < other ? -1 : 1))
}
