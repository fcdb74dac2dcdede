import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import { SqliteAdapter, SqliteDialect, type Dialect, type SqliteStatement } from 'kysely'
import type { LookUp } from '../store/api-keys.ts'
import { StoreFault, type StoreFaultReason } from '../store/fault.ts'

// WAL with FULL: a commit that was answered survives the process and the machine going down.
const PRAGMAS = `
  pragma journal_mode = wal;
  pragma synchronous = full;
  pragma foreign_keys = on;
  pragma busy_timeout = 5000;
`

// The store has a few dozen statements; search makes one for each number of words, and what
// adds many rows one for each number of rows.
const STATEMENTS_MAX = 200

/** Kysely's dialect on Node's own SQLite. `:memory:` gives a database of its own. */
export function sqliteDialect(file: string): Dialect {
  const database = open(file)
  const prepare = kept((sql) => toKysely(tellingFaults(() => database.prepare(sql))))
  // A disk that is full ends a transaction by itself, and there is none left to roll back.
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
  /** Kysely leaves it out, but SQLite has it: changes of the schema are made whole or not at all. */
  override get supportsTransactionalDdl(): boolean {
    return true
  }
}

/**
 * The gateway's reads of a database file, on a connection of their own: they neither wait for
 * a transaction nor see what one hasn't committed.
 */
export function openLookUp(file: string): { lookUp: LookUp; close: () => void } {
  const database = open(file)
  const prepare = kept((sql) => database.prepare(sql))
  return {
    lookUp: ({ sql, parameters }) => prepare(sql).all(...parameters.map(toInput)),
    close: () => database.close(),
  }
}

function open(file: string): DatabaseSync {
  const database = new DatabaseSync(file)
  database.exec(PRAGMAS)
  return database
}

/** Prepares each statement once, as long as it is among those used last. */
function kept<Statement>(prepare: (sql: string) => Statement): (sql: string) => Statement {
  const statements = new Map<string, Statement>()
  return (sql) => {
    const known = statements.get(sql)
    if (known && statements.size < STATEMENTS_MAX) return known
    const statement = known ?? prepare(sql)
    // To the end: a map keeps the order in which entries came.
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
const SQLITE_FAULTS: Record<number, StoreFaultReason> = {
  5: 'away', // BUSY: something else keeps the file for itself
  10: 'away', // IOERR
  13: 'full', // FULL
  14: 'away', // CANTOPEN
}

function tellingFaults<Result>(work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) : 0
    const reason = SQLITE_FAULTS[code & 0xff]
    throw reason === undefined ? error : new StoreFault(reason, error)
  }
}

function toKysely(statement: StatementSync): SqliteStatement {
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => tellingFaults(() => statement.all(...parameters.map(toInput))),
    run: (parameters) => tellingFaults(() => statement.run(...parameters.map(toInput))),
    iterate: (parameters) => statement.iterate(...parameters.map(toInput)),
  }
}

function toInput(value: unknown): SQLInputValue {
  if (value === null || typeof value === 'string' || typeof value === 'number') return value
  if (typeof value === 'bigint' || value instanceof Uint8Array) return value
  throw new TypeError(`SQLite takes no ${typeof value} as a parameter`)
}
