import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

export const deploymentsAndApiKeys: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('deployments')
      .addColumn('id', 'text', (column) => column.primaryKey().notNull())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('plan', 'text', (column) => column.notNull())
      .addColumn('version', 'text', (column) => column.notNull())
      .addColumn('region', 'text')
      .addColumn('backend_kind', 'text', (column) => column.notNull())
      .addColumn('backend_url', 'text')
      .addColumn('backend_key_id', 'text')
      .addColumn('backend_key_secret', 'text')
      .addColumn('listener_index', 'integer', (column) => column.notNull().unique())
      .addColumn('created_at', 'text', (column) => column.notNull())
      .addColumn('revision', 'integer', (column) => column.notNull())
      .execute()
    await db.schema
      .createTable('api_keys')
      .addColumn('app_id', 'text', (column) => column.primaryKey().notNull())
      .addColumn('deployment_id', 'text', (column) =>
        column.notNull().references('deployments.id').onDelete('cascade'),
      )
      .addColumn('note', 'text', (column) => column.notNull())
      .addColumn('note_folded', 'text', (column) => column.notNull())
      .addColumn('access_mode', 'text', (column) => column.notNull())
      .addColumn('operations', 'text')
      .addColumn('secret_hash', 'text', (column) => column.notNull())
      .addColumn('legacy', 'integer', (column) => column.notNull())
      .addColumn('created_at', 'text', (column) => column.notNull())
      .addColumn('version', 'integer', (column) => column.notNull())
      .execute()
    for (const column of ['created_at', 'note_folded']) {
      await db.schema
        .createIndex(`api_keys_by_${column}`)
        .on('api_keys')
        .columns(['deployment_id', column, 'app_id'])
        .execute()
    }
  },
}
