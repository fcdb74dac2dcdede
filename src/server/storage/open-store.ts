import { join } from 'node:path'
import type { Secret } from '../../contract/secret.ts'
import { WrongEncryptionKey } from '../../store/encryption.ts'
import { StoreTooNew } from '../../store/migrations/migrate.ts'
import { StoreError } from '../../store/store-error.ts'
import { openStore, type Store, type StoreOptions, type StoreQuery } from '../../store/store.ts'
import { ConfigError, type Config } from '../config/config.ts'
import { describeDatabaseError } from '../engines/postgres/postgres-errors.ts'
import { hasStore, openPostgres } from '../engines/postgres/postgres.ts'
import { copyDatabase } from '../engines/sqlite/sqlite-copy.ts'
import { openDatabaseFile } from '../engines/sqlite/sqlite.ts'
import type { Log } from '../runtime/logs.ts'
import { openDataFolder, prepareDatabaseFile } from './data-folder.ts'
import { openEncryptionKey } from './encryption-key.ts'
import { lockFolder } from './folder-lock.ts'

/** A server's store, and the key that seals what is in it. */
export type OpenStore = { store: Store; encryptionKey: Uint8Array }

export type StoreConfig = Pick<Config, 'dataDir' | 'databaseUrl' | 'encryptionKeyFile'>

type Ports = {
  log: Pick<Log, 'info'>
  now: () => Date
  onQuery?: (query: StoreQuery) => void
}

/**
 * Opens the store that the settings name and brings it up to date. Throws {@link ConfigError} where
 * it can't be used.
 */
export async function openConfiguredStore(config: StoreConfig, ports: Ports): Promise<OpenStore> {
  return config.databaseUrl === null
    ? openSqlite(config, ports)
    : openOnPostgres(config, config.databaseUrl, ports)
}

async function openSqlite(config: StoreConfig, { log, now, onQuery }: Ports): Promise<OpenStore> {
  const { dataDir, encryptionKeyFile } = config
  const folder = openDataFolder(dataDir)
  const unlock = lockFolder(dataDir)
  try {
    const encryptionKey = openEncryptionKey(encryptionKeyFile, { isNewStore: folder.isNew })
    prepareDatabaseFile(dataDir, folder)
    const { databaseFile } = folder
    const beforeMigration = async (lastChange: string) => {
      const kept = join(dataDir, `latchkey-${lastChange}-${fileTimestamp(now())}.db`)
      await copyDatabase(databaseFile, kept).catch((error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error)
        throw new ConfigError(
          `DATA_DIR (${JSON.stringify(dataDir)}) has a store of an older Latchkey, which can't be copied before its upgrade: ${reason}. Nothing was changed.`,
        )
      })
      log.info('Bringing the store up to date; as it was, it is kept beside it', { kept })
    }
    const { close, ...engine } = openDatabaseFile(databaseFile)
    const options = { ...engine, encryptionKey, beforeMigration, ...(onQuery && { onQuery }) }
    return await open(config, options, async () => {
      close()
      unlock()
    })
  } catch (error) {
    unlock()
    throw refusalOf(error, config)
  }
}

async function openOnPostgres(
  config: StoreConfig,
  databaseUrl: Secret,
  { log, onQuery }: Ports,
): Promise<OpenStore> {
  const url = databaseUrl.reveal()
  const isNewStore = await hasStore(url).then((has) => !has, refuseDatabase)
  const encryptionKey = openEncryptionKey(config.encryptionKeyFile, { isNewStore })
  const beforeMigration = async (lastChange: string) => {
    log.info('Bringing the store up to date', { lastChange })
  }
  const engine = openPostgres(url)
  const options = { ...engine, encryptionKey, beforeMigration, ...(onQuery && { onQuery }) }
  return open(config, options, () => engine.close())
}

function refuseDatabase(error: unknown): never {
  throw new ConfigError(
    `DATABASE_URL names a database that can't be used: ${describeDatabaseError(error)}.`,
  )
}

/** @param end ends what the store doesn't */
async function open(
  config: StoreConfig,
  options: StoreOptions & { encryptionKey: Uint8Array },
  end: () => Promise<void>,
): Promise<OpenStore> {
  try {
    const store = await openStore(options)
    const close = async () => {
      await store.close()
      await end()
    }
    return { store: { ...store, close }, encryptionKey: options.encryptionKey }
  } catch (error) {
    await end()
    throw refusalOf(error, config)
  }
}

/** What keeps a store from being used, in one line where it is known. */
function refusalOf(
  error: unknown,
  { dataDir, databaseUrl, encryptionKeyFile }: StoreConfig,
): unknown {
  const where = databaseUrl === null ? `DATA_DIR (${JSON.stringify(dataDir)})` : 'DATABASE_URL'
  if (error instanceof WrongEncryptionKey) {
    return new ConfigError(
      `ENCRYPTION_KEY_FILE (${JSON.stringify(encryptionKeyFile)}) isn't the key that the store was made with. Put in its place the one of the server that made the store.`,
    )
  }
  if (error instanceof StoreTooNew) {
    return new ConfigError(
      `${where} has a store of a newer Latchkey, with the change ${error.change}, and was left as it is. Start that version, or restore a backup from before the upgrade.`,
    )
  }
  if (!(error instanceof Error)) return error
  const sqliteCode = 'errcode' in error ? Number(error.errcode) & 0xff : undefined
  if (sqliteCode !== undefined && DAMAGED.includes(sqliteCode)) {
    return new ConfigError(
      `${where} has a damaged store (${error.message}). Put a backup in its place with npm run restore -- FILE.`,
    )
  }
  if (sqliteCode === undefined && !(error instanceof StoreError)) return error
  return new ConfigError(`${where} has a store that can't be used now: ${error.message}.`)
}

// SQLite's CORRUPT and NOTADB (https://www.sqlite.org/rescode.html).
const DAMAGED = [11, 26]

/** A time as it may stand in a file's name, to the second. */
export function fileTimestamp(time: Date): string {
  return `${time.toISOString().slice(0, 19).replaceAll(':', '-')}Z`
}
