import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

// Words that only the demo's code has; the worker and its database engine are whole files.
const demoMarks = ['src/demo/', 'serviceWorker', 'sqlite3', 'Reset demo', 'many-keys', 'Gallery']
const demoFiles = /service-worker|\.wasm$/

/** Throws when the server's build of the console, in this folder, holds anything of the demo. */
export function proveServerBuildHasNoDemo(folder: string): void {
  const found: string[] = []
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
  for (const entry of entries.filter((one) => one.isFile())) {
    if (demoFiles.test(entry.name)) found.push(entry.name)
    if (!/\.(?:js|css|html|json)$/.test(entry.name)) continue
    const text = readFileSync(join(entry.parentPath, entry.name), 'utf8')
    for (const mark of demoMarks) if (text.includes(mark)) found.push(`${mark} in ${entry.name}`)
  }
  if (found.length > 0) throw new Error(`the server build holds the demo: ${found.join(', ')}`)
}
