import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import { setImmediate } from 'node:timers/promises'
import { SqliteAdapter, SqliteDialect, type Dialect, type SqliteStatement } from 'kysely'
import { StoreFault, type StoreFaultReason } from '../../../store/fault.ts'
import type { LookUp } from '../../../store/keys/key-lookup.ts'

// WAL with FULL: a commit that was answered survives the process and the machine going down. Of
// 100,000 keys, 64 MiB hold what writing the record of use goes through.
const PRAGMAS = `
  pragma journal_mode = wal;
  pragma synchronous = full;
  pragma foreign_keys = on;
  pragma busy_timeout = 5000;
  pragma cache_size = -65536;
`

// The store has a few dozen statements; search makes one for each number of words, and what
// adds many rows one for each number of rows.
const STATEMENTS_MAX = 200

/** Kysely's dialect on Node's own SQLite. `:memory:` gives a database of its own. */
export function sqliteDialect(file: string): Dialect {
  return dialectOn(open(file), () => {})
}

/**
 * A database file as a server uses it: Kysely's dialect, and the gateway's reads on a connection
 * of their own, which neither wait for a transaction nor see what one hasn't committed. No other
 * process may write to the file.
 */
export function openDatabaseFile(file: string): {
  dialect: Dialect
  lookUp: LookUp
  /** Lets what came meanwhile go on: a statement keeps all of the process waiting. */
  turn: () => Promise<void>
  /** Closes what the dialect doesn't. */
  close: () => void
} {
  const writer = open(file)
  const reader = open(file)
  const begin = reader.prepare('begin')
  const end = reader.prepare('commit')
  // To begin and end a read takes longer than to read, so one is left open for those after it.
  // It sees what was committed when it began. Nothing is, without a statement of the writer's,
  // and before each of those it ends, and an epoch begins: the next read begins after whatever
  // that committed.
  let epoch = 0
  const endRead = () => {
    epoch += 1
    if (reader.isTransaction) end.run()
  }
  return {
    dialect: dialectOn(writer, endRead),
    lookUp({ sqlFor }) {
      let statement: StatementSync | undefined
      return {
        read(parameters) {
          statement ??= prepareForArrays(reader, sqlFor(1))
          if (!reader.isTransaction && !writer.isTransaction) begin.run()
          const row: unknown = statement.get(...parameters.map(toInput))
          return { row: Array.isArray(row) ? row : undefined, epoch }
        },
        epoch: () => epoch,
        // A read takes microseconds, and an epoch seconds.
        keptMax: 10_000,
      }
    },
    turn: setImmediate,
    close: () => reader.close(),
  }
}

function prepareForArrays(database: DatabaseSync, sql: string): StatementSync {
  const statement = database.prepare(sql)
  statement.setReturnArrays(true)
  return statement
}

/** @param beforeStatement is called before each statement that the dialect runs */
function dialectOn(database: DatabaseSync, beforeStatement: () => void): Dialect {
  const prepare = kept((sql) =>
    toKysely(
      tellingFaults(() => database.prepare(sql)),
      beforeStatement,
    ),
  )
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

function toKysely(statement: StatementSync, beforeRun: () => void): SqliteStatement {
  const run =
    <Result>(work: (...parameters: SQLInputValue[]) => Result) =>
    (parameters: readonly unknown[]) => {
      beforeRun()
      return tellingFaults(() => work(...parameters.map(toInput)))
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
