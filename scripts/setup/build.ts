import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'vite'

export type BuildTarget = 'console' | 'demo'

const root = join(import.meta.dirname, '../..')
const inputs = ['index.html', 'package-lock.json', 'public', 'src', 'vite.config.ts']

function fingerprint(): string {
  const hash = createHash('sha256')
  for (const input of inputs) {
    const files = input.includes('.') ? [input] : filesBelow(input)
    for (const file of files) hash.update(`${file}\0`).update(readFileSync(join(root, file)))
  }
  return hash.digest('hex')
}

function filesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .toSorted()
}

function stampedAs(stamp: string): string | undefined {
  try {
    return readFileSync(stamp, 'utf8')
  } catch {
    return undefined
  }
}

/** Builds `dist/console` or `dist/demo` when its sources changed since; returns the folder. */
export async function ensureBuilt(target: BuildTarget): Promise<string> {
  const folder = join(root, 'dist', target)
  const stamp = join(folder, '.sources')
  const wanted = fingerprint()
  if (stampedAs(stamp) === wanted) return folder
  await build({
    root,
    logLevel: 'warn',
    ...(target === 'demo' && { mode: 'demo' }),
  })
  writeFileSync(stamp, wanted)
  return folder
}
