import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Sqlite3 } from '@sqlite.org/sqlite-wasm'

/** SQLite's WebAssembly build in Node, for tests: it believes to be in a browser's worker. */
export async function sqliteInNode(): Promise<Sqlite3> {
  const sqlite3ApiConfig = { warn: () => {} }
  Object.assign(globalThis, {
    self: globalThis,
    location: new URL('http://localhost/'),
    sqlite3ApiConfig,
  })
  const { default: initialise } = await import('@sqlite.org/sqlite-wasm')
  const entry = fileURLToPath(import.meta.resolve('@sqlite.org/sqlite-wasm'))
  const wasm = entry.replace(/index\.mjs$/, 'sqlite-wasm/jswasm/sqlite3.wasm')
  return initialise({ wasmBinary: readFileSync(wasm) })
}
