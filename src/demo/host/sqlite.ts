import type { Bindable, Oo1Database, Sqlite3 } from '@sqlite.org/sqlite-wasm'
import { SqliteDialect, type Dialect, type SqliteDatabase } from 'kysely'
import { changedBlocks, applyBlocks, type Block } from './blocks.ts'

/** An in-memory database for Kysely that can be persisted block by block. */
export type MemoryDatabase = {
  dialect: Dialect
  /** Counts rows added, changed and deleted. */
  changes(): number
  /** Blocks of the database file that changed since they were last persisted. */
  changedBlocks(): Block[]
  /** Marks blocks as persisted. */
  markPersisted(blocks: readonly Block[]): void
}

/**
 * Opens an empty database, or one from a file's bytes, which it may overwrite. Closing Kysely
 * closes it. Throws if the bytes are no database.
 */
export function openMemoryDatabase(
  sqlite: Sqlite3,
  bytes: Uint8Array<ArrayBuffer> | undefined,
): MemoryDatabase {
  const db = new sqlite.oo1.DB('demo', 'c', 'memdb')
  if (bytes) load(sqlite, db, bytes)
  let persisted = bytes ?? new Uint8Array()
  db.exec('pragma foreign_keys = on')
  return {
    dialect: new SqliteDialect({ database: adapt(sqlite, db) }),
    changes: () => sqlite.capi.sqlite3_total_changes(db.pointer),
    changedBlocks: () => changedBlocks(fileOf(sqlite, db), persisted),
    markPersisted(blocks) {
      persisted = applyBlocks(persisted, blocks)
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
  if (result !== 0) throw new Error(`SQLite can't load the persisted database (code ${result})`)
}

/** The database file in SQLite's memory; valid until the next change. */
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
