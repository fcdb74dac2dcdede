/** The part of SQLite's WebAssembly API that the demo uses; the package has no types of its own. */
declare module '@sqlite.org/sqlite-wasm' {
  export type Bindable = string | number | bigint | null | Uint8Array

  export type Statement = {
    readonly columnCount: number
    bind(values: readonly Bindable[]): Statement
    step(): boolean
    get(target: Record<string, unknown>): Record<string, unknown>
    finalize(): void
  }

  export type Oo1Database = {
    readonly pointer: number
    exec(sql: string): unknown
    prepare(sql: string): Statement
    close(): void
  }

  export type Sqlite3 = {
    oo1: { DB: new (filename: string, flags: string, vfs: string) => Oo1Database }
    capi: {
      SQLITE_DESERIALIZE_FREEONCLOSE: number
      SQLITE_DESERIALIZE_RESIZEABLE: number
      SQLITE_SERIALIZE_NOCOPY: number
      sqlite3_changes(db: number): number
      sqlite3_last_insert_rowid(db: number): bigint
      sqlite3_total_changes(db: number): number
      sqlite3_deserialize(
        db: number,
        schema: string,
        data: number,
        size: number,
        capacity: number,
        flags: number,
      ): number
      sqlite3_serialize(db: number, schema: string, size: number, flags: number): number
    }
    wasm: {
      allocFromTypedArray(bytes: Uint8Array): number
      heap8u(): Uint8Array
      peek(address: number, type: 'i64'): bigint
      pstack: {
        alloc(bytes: number): number
        readonly pointer: number
        restore(pointer: number): void
      }
    }
  }

  const initialise: (module: {
    wasmBinary?: Uint8Array
    locateFile?: (file: string) => string
  }) => Promise<Sqlite3>
  export default initialise
}
