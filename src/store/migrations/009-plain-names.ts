import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Renames a table and a column to what they hold. */
export const plainNames: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.alterTable('sealing_proof').renameTo('encryption_proof').execute()
    await db.schema
      .alterTable('api_keys')
      .renameColumn('least_used_on', 'stalest_operation_used_on')
      .execute()
  },
}
