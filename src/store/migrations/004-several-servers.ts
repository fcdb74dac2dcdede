import { sql, type Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

export const severalServers: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('sealing_proof')
      .addColumn('id', 'integer', (column) => column.primaryKey().notNull())
      .addColumn('proof', 'text', (column) => column.notNull())
      .execute()
    await db.schema
      .createTable('credential_guesses')
      .addColumn('guesser', 'text', (column) => column.primaryKey().notNull())
      .addColumn('guesses', 'integer', (column) => column.notNull())
      .addColumn('last_at', 'text', (column) => column.notNull())
      .addColumn('wait_until', 'text', (column) => column.notNull())
      .execute()
    await db.schema
      .createIndex('credential_guesses_by_age')
      .on('credential_guesses')
      .column('last_at')
      .execute()
    await db.schema
      .createTable('recent_calls')
      .addColumn('deployment_id', 'text', (column) =>
        column.notNull().references('deployments.id').onDelete('cascade'),
      )
      .addColumn('slot', 'integer', (column) => column.notNull())
      .addColumn('server', 'text', (column) => column.notNull())
      .addColumn('allowed', 'integer', (column) => column.notNull())
      .addColumn('refused', 'integer', (column) => column.notNull())
      .addColumn('failed', 'integer', (column) => column.notNull())
      .addPrimaryKeyConstraint('recent_calls_key', ['deployment_id', 'slot', 'server'])
      .execute()
    await db.schema.alterTable('deployments').addColumn('last_api_call_at', 'text').execute()
    await sql`update deployments set last_api_call_at = (select max(last_used_at) from api_keys
      where deployment_id = deployments.id)`.execute(db)
  },
}
