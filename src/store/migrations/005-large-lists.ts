import { sql, type Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

// All that lists of keys are searched, filtered and sorted by. The index of it is a narrow copy of
// the table: whatever is asked for, and however few keys match, no row is read but of those shown.
const LISTED = [
  'note_folded',
  'access_mode',
  'disabled',
  'expires_at',
  'legacy',
  'last_used_at',
  'use_recorded_since',
  'old_secret_ends_at',
  'old_secret_last_used_at',
  'least_used_on',
]

export const largeLists: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.alterTable('api_keys').addColumn('least_used_on', 'text').execute()
    await sql`update api_keys set least_used_on = (
        select case when count(*) = (length(operations) - length(replace(operations, '"', ''))) / 2
          then substr(min(used.last_at), 1, 10) else '' end
        from used_operations as used where used.app_id = api_keys.app_id
          and replace(operations, '"' || used.operation || '"', '') <> operations)
      where access_mode = 'list'`.execute(db)
    await db.schema.dropIndex('api_keys_by_created_at').execute()
    await db.schema.dropIndex('api_keys_by_note_folded').execute()
    await db.schema
      .createIndex('api_keys_listed')
      .on('api_keys')
      .columns(['deployment_id', 'created_at', 'app_id', ...LISTED])
      .execute()
  },
}
