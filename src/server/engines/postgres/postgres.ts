import {
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type DataTypeNode,
  type Dialect,
} from 'kysely'
import { DEFAULT_MIGRATION_TABLE } from 'kysely/migration'
import { Client, type PoolConfig } from 'pg'
import type { PrepareReads } from '../../../store/keys/key-lookup.ts'
import type { Locks } from '../../../store/sql/locks.ts'
import { connectionConfig, refuseReplica } from './postgres-connection.ts'
import { PostgresDriver } from './postgres-driver.ts'
import { postgresLocks } from './postgres-locks.ts'
import { BatchedReads } from './postgres-reads.ts'

/** The store's engine on a PostgreSQL database. */
export type PostgresEngine = {
  dialect: Dialect
  /** One for what may take longer than anything else is given. */
  longRunningDialect: Dialect
  prepareReads: PrepareReads
  locks: Locks
  /** Ends what the dialects don't end by themselves. */
  close: () => Promise<void>
}

/** Connections of one server, without the few that have a purpose of their own. */
export const CONNECTIONS_MAX = 16
const STATEMENT_TIMEOUT = 10_000
// Longer than the server's own, for one that says nothing at all any more.
const ANSWER_TIMEOUT = 12_000
const IDLE_TIMEOUT = 60_000

/** Opens the engine; connections are made when they are needed. */
export function openPostgres(url: string): PostgresEngine {
  const config = connectionConfig(url)
  const reads = new BatchedReads(config)
  return {
    dialect: dialectOver({
      ...config,
      max: CONNECTIONS_MAX,
      statement_timeout: STATEMENT_TIMEOUT,
      query_timeout: ANSWER_TIMEOUT,
      idleTimeoutMillis: IDLE_TIMEOUT,
    }),
    longRunningDialect: dialectOver({ ...config, max: 1 }),
    locks: postgresLocks,
    prepareReads: (query) => reads.of(query),
    close: () => reads.close(),
  }
}

/**
 * Whether a database holds a store already. Rejects where it can't be used, also where it holds
 * something else.
 */
export async function hasStore(url: string): Promise<boolean> {
  const client = new Client(connectionConfig(url))
  client.on('error', () => {})
  try {
    await client.connect()
    await refuseReplica(client)
    const { rows } = await client.query<{ tablename: string }>(
      'select tablename from pg_tables where schemaname = current_schema()',
    )
    const there = rows.some(({ tablename }) => tablename === DEFAULT_MIGRATION_TABLE)
    if (!there && rows.length > 0) throw new Error('it holds tables of something else')
    return there
  } finally {
    await client.end().catch(() => {})
  }
}

function dialectOver(config: PoolConfig): Dialect {
  return {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new PostgresDriver(config),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new StoreCompiler(),
  }
}

/**
 * Text is ordered and compared by its bytes and integers have 64 bits, as on SQLite, whatever
 * the database was made with.
 */
class StoreCompiler extends PostgresQueryCompiler {
  protected override visitDataType(node: DataTypeNode): void {
    if (this.parentNode?.kind !== 'ColumnDefinitionNode') super.visitDataType(node)
    else if (node.dataType === 'text') this.append('text collate "C"')
    else if (node.dataType === 'integer') this.append('bigint')
    else super.visitDataType(node)
  }
}
