import type { Bindable, Oo1Database, Sqlite3 } from '@sqlite.org/sqlite-wasm'
import { SqliteDialect, type Dialect, type SqliteDatabase } from 'kysely'
import { changedBlocks, withBlocks, type Block } from './blocks.ts'

/** A database in memory, for Kysely, with what it takes to keep it elsewhere. */
export type MemoryDatabase = {
  dialect: Dialect
  /** Goes up with every row that is added, changed or deleted. */
  changes(): number
  /** What changed of the database file since it was opened, but for what was kept since. */
  changedBlocks(): Block[]
  /** Told when blocks have been kept. */
  noteKept(blocks: readonly Block[]): void
}

/**
 * Opens an empty database, or one with these bytes, which it may overwrite. Closing the Kysely over
 * it closes it.
 * Throws when the bytes are no database.
 */
export function openMemoryDatabase(
  sqlite: Sqlite3,
  bytes: Uint8Array<ArrayBuffer> | undefined,
): MemoryDatabase {
  const db = new sqlite.oo1.DB('demo', 'c', 'memdb')
  if (bytes) load(sqlite, db, bytes)
  let kept = bytes ?? new Uint8Array()
  db.exec('pragma foreign_keys = on')
  return {
    dialect: new SqliteDialect({ database: adapt(sqlite, db) }),
    changes: () => sqlite.capi.sqlite3_total_changes(db.pointer),
    changedBlocks: () => changedBlocks(fileOf(sqlite, db), kept),
    noteKept(blocks) {
      kept = withBlocks(kept, blocks)
    },
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

/** The database file where SQLite has it, until it is changed the next time. */
function fileOf({ capi, wasm }: Sqlite3, db: Oo1Database): Uint8Array {
  const { pstack } = wasm
  const before = pstack.pointer
  try {
    const size = pstack.alloc(8)
    const flags = capi.SQLITE_SERIALIZE_NOCOPY
    const start = capi.sqlite3_serialize(db.pointer, 'main', size, flags)
    if (start === 0) throw new Error('SQLite has no file of the database in memory')
    return wasm.heap8u().subarray(start, start + Number(wasm.peek(size, 'i64')))
  } finally {
    pstack.restore(before)
  }
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
