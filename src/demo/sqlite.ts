import type { Bindable, Oo1Database, Sqlite3 } from '@sqlite.org/sqlite-wasm'
import { SqliteDialect, type Dialect, type SqliteDatabase } from 'kysely'

/** A database in memory, for Kysely, with what it takes to keep it elsewhere. */
export type MemoryDatabase = {
  dialect: Dialect
  /** Goes up with every row that is added, changed or deleted. */
  changes(): number
  /** The database file as it is now. */
  bytes(): Uint8Array
}

/**
 * Opens an empty database, or one with these bytes. Closing the Kysely over it closes it.
 * Throws when the bytes are no database.
 */
export function openMemoryDatabase(sqlite: Sqlite3, bytes: Uint8Array | undefined): MemoryDatabase {
  const db = new sqlite.oo1.DB(':memory:')
  if (bytes) load(sqlite, db, bytes)
  db.exec('pragma foreign_keys = on')
  return {
    dialect: new SqliteDialect({ database: adapt(sqlite, db) }),
    changes: () => sqlite.capi.sqlite3_total_changes(db.pointer),
    bytes: () => sqlite.capi.sqlite3_js_db_export(db.pointer),
  }
}

function load({ capi, wasm }: Sqlite3, db: Oo1Database, bytes: Uint8Array): void {
  const size = bytes.byteLength
  const result = capi.sqlite3_deserialize(
    db.pointer,
    'main',
    wasm.allocFromTypedArray(bytes),
    size,
    size,
    capi.SQLITE_DESERIALIZE_FREEONCLOSE | capi.SQLITE_DESERIALIZE_RESIZEABLE,
  )
  if (result !== 0) throw new Error(`SQLite can't load the kept database (code ${result})`)
}

function adapt({ capi }: Sqlite3, db: Oo1Database): SqliteDatabase {
  return {
    close: () => db.close(),
    prepare(sql) {
      const statement = db.prepare(sql)
      function* rows(parameters: readonly unknown[]) {
        try {
          if (parameters.length > 0) statement.bind(parameters.map(toBindable))
          while (statement.step()) yield statement.get({})
        } finally {
          statement.finalize()
        }
      }
      return {
        reader: statement.columnCount > 0,
        iterate: rows,
        all: (parameters) => [...rows(parameters)],
        run(parameters) {
          rows(parameters).next()
          const changes = capi.sqlite3_changes(db.pointer)
          return { changes, lastInsertRowid: capi.sqlite3_last_insert_rowid(db.pointer) }
        },
      }
    },
  }
}

function toBindable(value: unknown): Bindable {
  if (value === null || value instanceof Uint8Array) return value
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint') {
    return value
  }
  throw new TypeError(`SQLite can't bind a ${typeof value}`)
}
