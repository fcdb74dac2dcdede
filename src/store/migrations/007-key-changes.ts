import { PostgresAdapter, sql, type Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

// What a call reads of a key, in `callColumns`.
const OF_KEYS = [
  'app_id',
  'deployment_id',
  'secret_hash',
  'old_secret_hash',
  'old_secret_ends_at',
  'disabled',
  'expires_at',
  'access_mode',
  'operations',
  'allowed_addresses',
]
const OF_DEPLOYMENTS = ['id', 'created_at', 'plan', 'version']

/**
 * On PostgreSQL the transactions that changed a key note themselves, whoever made them: so a server
 * that read a key can be told whether it is still so. On SQLite a server makes all changes itself.
 * A key that is added is no change: nobody has read it.
 */
export const keyChanges: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    if (!(db.getExecutor().adapter instanceof PostgresAdapter)) return
    await sql`create table key_changes (transaction_id xid8 primary key)`.execute(db)
    const { rows } = await sql<{ name: string }>`select current_schema() as name`.execute(db)
    const schema = rows[0]?.name ?? 'public'
    // For whoever changes a key, and into no other table that has the name for them.
    await sql`
      create function note_key_change() returns trigger
      language plpgsql security definer set search_path = '' as $$
      begin
        insert into ${sql.table(`${schema}.key_changes`)} values (pg_current_xact_id())
        on conflict do nothing;
        return null;
      end $$`.execute(db)
    for (const [table, columns] of [
      ['api_keys', OF_KEYS],
      ['deployments', OF_DEPLOYMENTS],
    ] as const) {
      await sql`
        create trigger note_key_change
        after update of ${sql.join(columns.map((column) => sql.ref(column)))} or delete or truncate
        on ${sql.table(table)} for each statement execute function note_key_change()`.execute(db)
      // Also in sessions that leave out triggers and foreign keys.
      await sql`alter table ${sql.table(table)} enable always trigger note_key_change`.execute(db)
    }
  },
}
