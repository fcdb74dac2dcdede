import { randomBytes } from 'node:crypto'
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ConfigError } from '../config/config.ts'

const KEY_BYTES = 32
/** The name of the key file in data folders made before it was called `encryption.key`. */
const FORMER_NAME = 'sealing.key'

/**
 * The key file that is in use: the configured one or, in an older data folder, the one under the
 * former name. That one keeps its name, since backups and other servers refer to it.
 */
export function findKeyFile(file: string): string {
  const former = join(dirname(file), FORMER_NAME)
  return !existsSync(file) && existsSync(former) ? former : file
}

/**
 * Reads the key that encrypts credentials in the store: 32 bytes, the same for every server on one
 * store. Generates it for a new store. Throws {@link ConfigError} if it is missing or damaged.
 */
export function openEncryptionKey(
  configuredFile: string,
  { isNewStore }: { isNewStore: boolean },
): Uint8Array<ArrayBuffer> {
  const file = findKeyFile(configuredFile)
  const called = `ENCRYPTION_KEY_FILE (${JSON.stringify(file)})`
  let key: Uint8Array<ArrayBuffer>
  try {
    if (!existsSync(file)) {
      if (!isNewStore) {
        throw new ConfigError(
          `${called} isn't there, and nothing else opens the credentials in the store. Put it back, or copy it from the server that made the store.`,
        )
      }
      make(file)
    }
    key = new Uint8Array(readFileSync(file))
  } catch (error) {
    if (error instanceof ConfigError) throw error
    const reason = error instanceof Error ? error.message : String(error)
    throw new ConfigError(`${called} can't be used. ${reason}.`)
  }
  if (key.length === KEY_BYTES) return key
  throw new ConfigError(
    `${called} is damaged: it has to hold ${KEY_BYTES} bytes. Put back the one of your backup.`,
  )
}

/** Creates the file atomically; of several servers that start at once, one wins. */
function make(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const draft = `${file}.${randomBytes(6).toString('hex')}`
  writeFileSync(draft, randomBytes(KEY_BYTES), { mode: 0o600, flag: 'wx' })
  try {
    linkSync(draft, file)
  } catch (error) {
    if (!existsSync(file)) throw error
  } finally {
    rmSync(draft)
  }
}
