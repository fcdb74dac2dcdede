import { sql, type Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

// Those of the fifth change, with the day of the last use in place of its time.
const LISTED = [
  'note_folded',
  'access_mode',
  'disabled',
  'expires_at',
  'legacy',
  'last_used_on',
  'use_recorded_since',
  'old_secret_ends_at',
  'old_secret_last_used_at',
  'least_used_on',
]

// A row of `api_keys` is wide, and so is its place in the index: to write into both every few
// seconds for each key in use was most of the work of recording use. Now it is once a day.
export const lastUses: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.alterTable('used_operations').addColumn('last_address', 'text').execute()
    await sql`insert into used_operations (app_id, operation, last_at, last_address)
      select app_id, last_used_operation, last_used_at, last_used_address from api_keys
      where last_used_at is not null
      on conflict (app_id, operation)
      do update set last_at = excluded.last_at, last_address = excluded.last_address
      where used_operations.last_at <= excluded.last_at`.execute(db)
    await db.schema.alterTable('api_keys').addColumn('last_used_on', 'text').execute()
    await sql`update api_keys set last_used_on = substr(last_used_at, 1, 10)`.execute(db)
    await db.schema.dropIndex('api_keys_listed').execute()
    for (const column of ['last_used_at', 'last_used_operation', 'last_used_address']) {
      await db.schema.alterTable('api_keys').dropColumn(column).execute()
    }
    await db.schema
      .createIndex('api_keys_listed')
      .on('api_keys')
      .columns(['deployment_id', 'created_at', 'app_id', ...LISTED])
      .execute()
  },
}
