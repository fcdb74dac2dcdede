import { randomBytes } from 'node:crypto'
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { ConfigError } from '../config/config.ts'

const KEY_BYTES = 32

/**
 * The key that seals credentials in the store, which every server on one store has to have.
 * Makes one up for a store that is new. Throws {@link ConfigError} where there is none to use.
 */
export function openSealingKey(
  file: string,
  { isNewStore }: { isNewStore: boolean },
): Uint8Array<ArrayBuffer> {
  const called = `SEALING_KEY_FILE (${JSON.stringify(file)})`
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

/** Makes the file whole or not at all; of several servers that do, one wins. */
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
