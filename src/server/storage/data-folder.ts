import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { ConfigError } from '../config/config.ts'

const DATABASE = 'latchkey.db'

/** Where a server keeps its state, readable by its own user alone. */
export type DataFolder = {
  databaseFile: string
  /** Whether there is no database yet. */
  isNew: boolean
}

/** Opens or makes the data folder. Throws {@link ConfigError} where it can't be used. */
export function openDataFolder(dataDir: string): DataFolder {
  const folder = resolve(dataDir)
  return withDataDir(dataDir, () => {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    chmodSync(folder, 0o700)
    const databaseFile = join(folder, DATABASE)
    return { databaseFile, isNew: !existsSync(databaseFile) }
  })
}

/** Makes the database's file, empty where it is new. Throws {@link ConfigError} where it can't. */
export function prepareDatabaseFile(dataDir: string, { databaseFile, isNew }: DataFolder): void {
  withDataDir(dataDir, () => {
    // Made here so that it never exists with other rights, not even for a moment.
    if (isNew) writeFileSync(databaseFile, '', { mode: 0o600, flag: 'wx' })
    chmodSync(databaseFile, 0o600)
  })
}

function withDataDir<Result>(dataDir: string, work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new ConfigError(`DATA_DIR can't be ${JSON.stringify(dataDir)}. ${reason}.`)
  }
}
