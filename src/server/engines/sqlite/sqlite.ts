import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import { setImmediate } from 'node:timers/promises'
import { SqliteAdapter, SqliteDialect, type Dialect, type SqliteStatement } from 'kysely'
import type { PrepareReads } from '../../../store/keys/key-lookup.ts'
import { StoreError, type StoreErrorReason } from '../../../store/store-error.ts'

// WAL with FULL (fsync at each commit): a commit survives a crash of the process or the machine.
// 64 MiB of cache hold the pages that usage writes touch with 100,000 keys.
const PRAGMAS = `
  pragma journal_mode = wal;
  pragma synchronous = full;
  pragma foreign_keys = on;
  pragma busy_timeout = 5000;
  pragma cache_size = -65536;
`

// The store has a few dozen statements, one per number of words for searches, and one per number of
// rows for bulk inserts.
const STATEMENTS_MAX = 200

/** Kysely's dialect on node:sqlite. `:memory:` gives a new database. */
export function sqliteDialect(file: string): Dialect {
  return dialectOn(open(file), () => {})
}

/**
 * Opens a database file for a server: Kysely's dialect, and a second connection for the gateway's
 * reads, which neither wait for transactions nor see uncommitted data. No other process may write
 * to the file.
 */
export function openDatabaseFile(file: string): {
  dialect: Dialect
  prepareReads: PrepareReads
  /** Lets waiting work run: a statement blocks the process. */
  yieldToEventLoop: () => Promise<void>
  /** Closes the read connection; the dialect closes its own. */
  close: () => void
} {
  const writer = open(file)
  const reader = open(file)
  const begin = reader.prepare('begin')
  const end = reader.prepare('commit')
  // Beginning and ending a read transaction takes longer than reading, so it stays open for later
  // reads. It ends before each statement of the writer, which also starts a new epoch. So a read
  // always sees everything that was committed before it.
  let epoch = 0
  const endReadTransaction = () => {
    epoch += 1
    if (reader.isTransaction) end.run()
  }
  return {
    dialect: dialectOn(writer, endReadTransaction),
    prepareReads({ sqlFor }) {
      let statement: StatementSync | undefined
      return {
        read(parameters) {
          statement ??= prepareForArrays(reader, sqlFor(1))
          if (!reader.isTransaction && !writer.isTransaction) begin.run()
          const row: unknown = statement.get(...parameters.map(toInput))
          return { row: Array.isArray(row) ? row : undefined, epoch }
        },
        epoch: () => epoch,
        // A read takes microseconds and an epoch lasts seconds, so a small cache is enough.
        cacheMax: 10_000,
      }
    },
    yieldToEventLoop: setImmediate,
    close: () => reader.close(),
  }
}

function prepareForArrays(database: DatabaseSync, sql: string): StatementSync {
  const statement = database.prepare(sql)
  statement.setReturnArrays(true)
  return statement
}

/** @param beforeStatement called before each statement of the dialect */
function dialectOn(database: DatabaseSync, beforeStatement: () => void): Dialect {
  const prepare = cacheStatements((sql) =>
    toKysely(
      withStoreErrors(() => database.prepare(sql)),
      beforeStatement,
    ),
  )
  // On a full disk SQLite rolls back by itself.
  const rollback = { ...prepare('rollback'), run: () => endTransaction(database) }
  return new StoreDialect({
    database: {
      close: () => database.close(),
      prepare: (sql) => (sql === 'rollback' ? rollback : prepare(sql)),
    },
  })
}

class StoreDialect extends SqliteDialect {
  override createAdapter(): SqliteAdapter {
    return new StoreAdapter()
  }
}

class StoreAdapter extends SqliteAdapter {
  /** Kysely doesn't declare it, but SQLite has transactional DDL. */
  override get supportsTransactionalDdl(): boolean {
    return true
  }
}

function open(file: string): DatabaseSync {
  const database = new DatabaseSync(file)
  database.exec(PRAGMAS)
  return database
}

/** An LRU cache of prepared statements. */
function cacheStatements<Statement>(
  prepare: (sql: string) => Statement,
): (sql: string) => Statement {
  const statements = new Map<string, Statement>()
  return (sql) => {
    const known = statements.get(sql)
    if (known && statements.size < STATEMENTS_MAX) return known
    const statement = known ?? prepare(sql)
    // Moves it to the end: a Map keeps insertion order.
    statements.delete(sql)
    statements.set(sql, statement)
    for (const oldest of statements.keys()) {
      if (statements.size <= STATEMENTS_MAX) break
      statements.delete(oldest)
    }
    return statement
  }
}

function endTransaction(database: DatabaseSync) {
  if (database.isTransaction) database.exec('rollback')
  return { changes: 0, lastInsertRowid: 0 }
}

// SQLite's result codes (https://www.sqlite.org/rescode.html); the lower byte is the kind.
const SQLITE_ERRORS: Record<number, StoreErrorReason> = {
  5: 'unavailable', // BUSY: another process has locked the file
  10: 'unavailable', // IOERR
  13: 'full', // FULL
  14: 'unavailable', // CANTOPEN
}

function withStoreErrors<Result>(work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) : 0
    const reason = SQLITE_ERRORS[code & 0xff]
    throw reason === undefined ? error : new StoreError(reason, error)
  }
}

function toKysely(statement: StatementSync, beforeRun: () => void): SqliteStatement {
  const run =
    <Result>(work: (...parameters: SQLInputValue[]) => Result) =>
    (parameters: readonly unknown[]) => {
      beforeRun()
      return withStoreErrors(() => work(...parameters.map(toInput)))
    }
  return {
    reader: statement.columns().length > 0,
    all: run((...parameters) => statement.all(...parameters)),
    run: run((...parameters) => statement.run(...parameters)),
    iterate: run((...parameters) => statement.iterate(...parameters)),
  }
}

function toInput(value: unknown): SQLInputValue {
  if (value === null || typeof value === 'string' || typeof value === 'number') return value
  if (typeof value === 'bigint' || value instanceof Uint8Array) return value
  throw new TypeError(`SQLite takes no ${typeof value} as a parameter`)
}
