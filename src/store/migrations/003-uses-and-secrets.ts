import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

export const usesAndSecrets: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    const columns = [
      ['last_used_at', 'text'],
      ['last_used_operation', 'text'],
      ['last_used_address', 'text'],
      // Null for keys from before uses were recorded.
      ['use_recorded_since', 'text'],
      ['old_secret_hash', 'text'],
      ['old_secret_ends_at', 'text'],
      ['old_secret_last_used_at', 'text'],
      ['allowed_addresses', 'text'],
    ] as const
    for (const [name, type] of columns) {
      await db.schema.alterTable('api_keys').addColumn(name, type).execute()
    }
    await db.schema
      .createTable('usage')
      .addColumn('app_id', 'text', (column) =>
        column.notNull().references('api_keys.app_id').onDelete('cascade'),
      )
      .addColumn('span', 'text', (column) => column.notNull())
      .addColumn('start', 'text', (column) => column.notNull())
      .addColumn('operation', 'text', (column) => column.notNull())
      .addColumn('outcome', 'text', (column) => column.notNull())
      .addColumn('calls', 'integer', (column) => column.notNull())
      .addPrimaryKeyConstraint('usage_key', ['app_id', 'span', 'start', 'operation', 'outcome'])
      .execute()
    await db.schema.createIndex('usage_by_age').on('usage').columns(['span', 'start']).execute()
    await db.schema
      .createTable('used_operations')
      .addColumn('app_id', 'text', (column) =>
        column.notNull().references('api_keys.app_id').onDelete('cascade'),
      )
      .addColumn('operation', 'text', (column) => column.notNull())
      .addColumn('last_at', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('used_operations_key', ['app_id', 'operation'])
      .execute()
    await db.schema
      .createTable('usage_addresses')
      .addColumn('app_id', 'text', (column) =>
        column.notNull().references('api_keys.app_id').onDelete('cascade'),
      )
      .addColumn('address', 'text', (column) => column.notNull())
      .addColumn('calls', 'integer', (column) => column.notNull())
      .addColumn('last_at', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('usage_addresses_key', ['app_id', 'address'])
      .execute()
    await db.schema
      .createTable('refused_calls')
      .addColumn('app_id', 'text', (column) =>
        column.notNull().references('api_keys.app_id').onDelete('cascade'),
      )
      .addColumn('operation', 'text', (column) => column.notNull())
      .addColumn('reason', 'text', (column) => column.notNull())
      .addColumn('calls', 'integer', (column) => column.notNull())
      .addColumn('first_at', 'text', (column) => column.notNull())
      .addColumn('last_at', 'text', (column) => column.notNull())
      .addColumn('last_address', 'text')
      .addPrimaryKeyConstraint('refused_calls_key', ['app_id', 'operation', 'reason'])
      .execute()
    await db.schema
      .createTable('refused_credentials')
      .addColumn('deployment_id', 'text', (column) =>
        column.notNull().references('deployments.id').onDelete('cascade'),
      )
      .addColumn('app_id', 'text', (column) => column.notNull())
      .addColumn('reason', 'text', (column) => column.notNull())
      .addColumn('calls', 'integer', (column) => column.notNull())
      .addColumn('first_at', 'text', (column) => column.notNull())
      .addColumn('last_at', 'text', (column) => column.notNull())
      .addColumn('last_address', 'text')
      .addPrimaryKeyConstraint('refused_credentials_key', ['deployment_id', 'app_id', 'reason'])
      .execute()
  },
}
