import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { BadSetting } from './config.ts'

const DATABASE = 'latchkey.db'
const SEALING_KEY = 'sealing.key'
const KEY_BYTES = 32

/** Where a server keeps its state, readable by its own user alone. */
export type DataFolder = {
  databaseFile: string
  /** Opens the credentials that are sealed in the store. */
  sealingKey: Uint8Array<ArrayBuffer>
  /** Whether nothing was there before. */
  isNew: boolean
}

/** Opens or makes the data folder. Throws {@link BadSetting} where it can't be used. */
export function openDataFolder(dataDir: string): DataFolder {
  const folder = resolve(dataDir)
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    chmodSync(folder, 0o700)
    const databaseFile = join(folder, DATABASE)
    const isNew = !existsSync(databaseFile)
    const sealingKey = openSealingKey(join(folder, SEALING_KEY), isNew)
    // Made here so that it never exists with other rights, not even for a moment.
    if (isNew) writeFileSync(databaseFile, '', { mode: 0o600, flag: 'wx' })
    chmodSync(databaseFile, 0o600)
    return { databaseFile, sealingKey, isNew }
  } catch (error) {
    if (error instanceof BadSetting) throw error
    const reason = error instanceof Error ? error.message : String(error)
    throw new BadSetting(`DATA_DIR can't be ${JSON.stringify(dataDir)}. ${reason}.`)
  }
}

function openSealingKey(file: string, mayBeMade: boolean): Uint8Array<ArrayBuffer> {
  if (!existsSync(file)) {
    if (!mayBeMade) {
      throw new BadSetting(
        `DATA_DIR has ${DATABASE} but not ${SEALING_KEY}, which opens the credentials in it. Put that file back.`,
      )
    }
    writeFileSync(file, randomBytes(KEY_BYTES), { mode: 0o600, flag: 'wx' })
  }
  const key = new Uint8Array(readFileSync(file))
  if (key.length !== KEY_BYTES) {
    throw new BadSetting(`DATA_DIR has a damaged ${SEALING_KEY}. Put back the one of your backup.`)
  }
  return key
}
