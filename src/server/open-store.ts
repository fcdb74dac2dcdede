import type { Secret } from '../contract/secret.ts'
import { WrongSealingKey } from '../store/sealing.ts'
import { openStore, type Store, type StoreOptions } from '../store/store.ts'
import { BadSetting, type Config } from './config.ts'
import { openDataFolder, prepareDatabaseFile } from './data-folder.ts'
import { hasStore, openPostgres } from './postgres.ts'
import { openSealingKey } from './sealing-key.ts'
import { openLookUp, sqliteDialect } from './sqlite.ts'

/** A server's store, and the key that seals what is in it. */
export type OpenStore = { store: Store; sealingKey: Uint8Array }

type StoreConfig = Pick<Config, 'dataDir' | 'databaseUrl' | 'sealingKeyFile'>

/** Opens the store that the settings name. Throws {@link BadSetting} where it can't be used. */
export async function openConfiguredStore(config: StoreConfig): Promise<OpenStore> {
  return config.databaseUrl === null
    ? openSqlite(config)
    : openOnPostgres(config, config.databaseUrl)
}

async function openSqlite({ dataDir, sealingKeyFile }: StoreConfig): Promise<OpenStore> {
  const folder = openDataFolder(dataDir)
  const sealingKey = openSealingKey(sealingKeyFile, { isNewStore: folder.isNew })
  prepareDatabaseFile(dataDir, folder)
  const { databaseFile } = folder
  const dialect = sqliteDialect(databaseFile)
  const { lookUp, close } = openLookUp(databaseFile)
  return open({ dialect, lookUp, sealingKey }, sealingKeyFile, async () => close())
}

async function openOnPostgres(
  { sealingKeyFile }: StoreConfig,
  databaseUrl: Secret,
): Promise<OpenStore> {
  const url = databaseUrl.reveal()
  const isNewStore = await hasStore(url).then((has) => !has, refuseDatabase)
  const sealingKey = openSealingKey(sealingKeyFile, { isNewStore })
  const { close, ...engine } = openPostgres(url)
  return open({ ...engine, sealingKey }, sealingKeyFile, close)
}

function refuseDatabase(error: unknown): never {
  const reason = error instanceof Error ? error.message : String(error)
  throw new BadSetting(`DATABASE_URL names a database that can't be used: ${reason}.`)
}

async function open(
  options: StoreOptions & { sealingKey: Uint8Array },
  sealingKeyFile: string,
  closeReads: () => Promise<void>,
): Promise<OpenStore> {
  try {
    const store = await openStore(options)
    const close = async () => {
      await closeReads()
      await store.close()
    }
    return { store: { ...store, close }, sealingKey: options.sealingKey }
  } catch (error) {
    await closeReads()
    if (!(error instanceof WrongSealingKey)) throw error
    throw new BadSetting(
      `SEALING_KEY_FILE (${JSON.stringify(sealingKeyFile)}) isn't the key that the store was made with. Put in its place the one of the server that made the store.`,
    )
  }
}
