import { randomBytes } from 'node:crypto'
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { backup, DatabaseSync } from 'node:sqlite'

// All at once, so that the copy is of one moment; with fewer, each write of another process makes
// it start anew. In WAL mode nobody waits for it.
const ALL_PAGES = 2 ** 31 - 1

/**
 * Copies an SQLite database while others read and write it. The copy is one file, for its own user
 * alone, that is there once it is whole, sound and on the disk. Rejects where it can't be, or where
 * `to` exists.
 */
export async function copyDatabase(from: string, to: string): Promise<void> {
  if (existsSync(to)) throw new Error(`${to} exists already`)
  const draft = `${to}.${randomBytes(6).toString('hex')}`
  // Made here so that it never exists with other rights, not even for a moment.
  writeFileSync(draft, '', { mode: 0o600, flag: 'wx' })
  try {
    const source = new DatabaseSync(from, { readOnly: true })
    try {
      await backup(source, draft, { rate: ALL_PAGES })
    } finally {
      source.close()
    }
    proveSound(draft)
    sync(draft)
    renameSync(draft, to)
    sync(dirname(to))
  } finally {
    rmSync(draft, { force: true })
  }
}

/** Leaves no files beside the copy. Throws where it isn't sound. */
function proveSound(file: string): void {
  const database = new DatabaseSync(file)
  try {
    database.exec('pragma journal_mode = delete')
    const found = database.prepare('pragma integrity_check(1)').get()
    if (found?.['integrity_check'] === 'ok') return
    throw new Error(`it is damaged: ${String(found?.['integrity_check'])}`)
  } finally {
    database.close()
  }
}

/** Waits until a file, or what names a folder holds, is on the disk. */
export function sync(path: string): void {
  const opened = openSync(path, 'r')
  try {
    fsyncSync(opened)
  } finally {
    closeSync(opened)
  }
}
