import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { ConfigError } from '../config/config.ts'

const LOCK = 'latchkey.lock'

/**
 * Keeps a data folder for this process until it lets go or ends, however it ends: the lock is
 * one of the system's, on an empty database, which is all the locking that Node offers.
 *
 * @returns lets go
 * @throws {@link ConfigError} where another process has the folder
 */
export function lockFolder(folder: string): () => void {
  const file = join(folder, LOCK)
  let database: DatabaseSync | undefined
  const unlock = () => {
    if (database?.isOpen) database.close()
  }
  try {
    if (!existsSync(file)) writeFileSync(file, '', { mode: 0o600, flag: 'a' })
    database = new DatabaseSync(file)
    database.exec('pragma busy_timeout = 0; pragma journal_mode = memory; begin exclusive')
    return unlock
  } catch (error) {
    unlock()
    const named = `DATA_DIR (${JSON.stringify(folder)})`
    if (error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY) {
      throw new ConfigError(
        `${named} is in use by another Latchkey. Stop that one first. Several servers share one store by DATABASE_URL.`,
      )
    }
    const reason = error instanceof Error ? error.message : String(error)
    throw new ConfigError(`${named} can't be used. ${reason}.`)
  }
}

const SQLITE_BUSY = 5
