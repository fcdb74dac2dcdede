import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/**
 * One table of failed authentications instead of two. Their rows are dropped: they count for an
 * hour at most, and losing them only shortens a delay once, at the upgrade.
 */
export const failedAttempts: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('failed_attempts')
      .addColumn('key', 'text', (column) => column.primaryKey().notNull())
      .addColumn('failures', 'integer', (column) => column.notNull())
      .addColumn('last_at', 'text', (column) => column.notNull())
      .addColumn('expires_at', 'text', (column) => column.notNull())
      .execute()
    await db.schema
      .createIndex('failed_attempts_by_expiry')
      .on('failed_attempts')
      .column('expires_at')
      .execute()
    await db.schema.dropTable('sign_in_guesses').execute()
    await db.schema.dropTable('credential_guesses').execute()
  },
}
