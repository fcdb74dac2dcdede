import { sql, type Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

const deploymentsAndApiKeys: Migration = {
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

const peopleAndActivity: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('users')
      .addColumn('id', 'text', (column) => column.primaryKey().notNull())
      .addColumn('username', 'text', (column) => column.notNull().unique())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('email', 'text', (column) => column.notNull().unique())
      .addColumn('email_verified', 'integer', (column) => column.notNull())
      .addColumn('image', 'text')
      .addColumn('role', 'text', (column) => column.notNull())
      .addColumn('created_at', 'text', (column) => column.notNull())
      .addColumn('updated_at', 'text', (column) => column.notNull())
      .addColumn('last_sign_in_at', 'text')
      .addColumn('version', 'integer', (column) => column.notNull().defaultTo(1))
      .execute()
    await db.schema
      .createTable('sessions')
      .addColumn('id', 'text', (column) => column.primaryKey().notNull())
      .addColumn('user_id', 'text', (column) =>
        column.notNull().references('users.id').onDelete('cascade'),
      )
      .addColumn('token', 'text', (column) => column.notNull().unique())
      .addColumn('method', 'text', (column) => column.notNull())
      .addColumn('ip_address', 'text')
      .addColumn('user_agent', 'text')
      .addColumn('expires_at', 'text', (column) => column.notNull())
      .addColumn('created_at', 'text', (column) => column.notNull())
      .addColumn('updated_at', 'text', (column) => column.notNull())
      .execute()
    await db.schema.createIndex('sessions_by_user').on('sessions').column('user_id').execute()
    await db.schema
      .createTable('accounts')
      .addColumn('id', 'text', (column) => column.primaryKey().notNull())
      .addColumn('user_id', 'text', (column) =>
        column.notNull().references('users.id').onDelete('cascade'),
      )
      .addColumn('provider_id', 'text', (column) => column.notNull())
      .addColumn('account_id', 'text', (column) => column.notNull())
      .addColumn('password', 'text')
      .addColumn('created_at', 'text', (column) => column.notNull())
      .addColumn('updated_at', 'text', (column) => column.notNull())
      .addUniqueConstraint('accounts_by_provider', ['provider_id', 'account_id'])
      .execute()
    await db.schema.createIndex('accounts_by_user').on('accounts').column('user_id').execute()
    await db.schema
      .createTable('sign_in_guesses')
      .addColumn('key', 'text', (column) => column.primaryKey().notNull())
      .addColumn('failures', 'integer', (column) => column.notNull())
      .addColumn('last_at', 'text', (column) => column.notNull())
      .execute()
    await db.schema
      .createTable('tokens')
      .addColumn('id', 'text', (column) => column.primaryKey().notNull())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('role', 'text', (column) => column.notNull())
      .addColumn('secret_hash', 'text', (column) => column.notNull().unique())
      .addColumn('created_at', 'text', (column) => column.notNull())
      .addColumn('created_by', 'text', (column) => column.notNull())
      .addColumn('expires_at', 'text')
      .addColumn('last_used_at', 'text')
      .execute()
    await db.schema
      .createTable('activity')
      .addColumn('id', 'text', (column) => column.primaryKey().notNull())
      .addColumn('at', 'text', (column) => column.notNull())
      .addColumn('action', 'text', (column) => column.notNull())
      .addColumn('actor_kind', 'text', (column) => column.notNull())
      .addColumn('actor_id', 'text')
      .addColumn('actor_name', 'text', (column) => column.notNull())
      .addColumn('address', 'text')
      // No references: an entry outlives what it is about.
      .addColumn('deployment_id', 'text')
      .addColumn('deployment_name', 'text')
      .addColumn('subject_kind', 'text', (column) => column.notNull())
      .addColumn('subject_id', 'text')
      .addColumn('subject_name', 'text', (column) => column.notNull())
      .addColumn('changes', 'text', (column) => column.notNull())
      .addColumn('search_folded', 'text', (column) => column.notNull())
      .execute()
    await db.schema.createIndex('activity_by_time').on('activity').columns(['at', 'id']).execute()
    await db.schema
      .createIndex('activity_by_deployment')
      .on('activity')
      .columns(['deployment_id', 'subject_id', 'at', 'id'])
      .execute()
    await db.schema
      .alterTable('api_keys')
      .addColumn('disabled', 'integer', (column) => column.notNull().defaultTo(0))
      .execute()
    await db.schema.alterTable('api_keys').addColumn('expires_at', 'text').execute()
  },
}

const usesAndSecrets: Migration = {
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

const severalServers: Migration = {
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

const largeLists: Migration = {
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

export const FIRST_MIGRATION = '001_deployments_and_api_keys'

/** Every change of the schema, in order; a released one is never edited. */
export const migrations: Record<string, Migration> = {
  [FIRST_MIGRATION]: deploymentsAndApiKeys,
  '002_people_and_activity': peopleAndActivity,
  '003_uses_and_secrets': usesAndSecrets,
  '004_several_servers': severalServers,
  '005_large_lists': largeLists,
}
