import { existsSync, linkSync, renameSync, rmSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Kysely } from 'kysely'
import { WrongEncryptionKey } from '../../store/encryption.ts'
import { appliedMigrations, StoreTooNew } from '../../store/migrations/migrate.ts'
import type { Database } from '../../store/schema.ts'
import { openStore } from '../../store/store.ts'
import { ConfigError } from '../config/config.ts'
import { copyDatabase, sync } from '../engines/sqlite/sqlite-copy.ts'
import { sqliteDialect } from '../engines/sqlite/sqlite.ts'
import { openDataFolder } from './data-folder.ts'
import { findKeyFile, openEncryptionKey } from './encryption-key.ts'
import { lockFolder } from './folder-lock.ts'
import { fileTimestamp, type StoreConfig } from './open-store.ts'

/**
 * Copies the store of a data folder to a file, while a server uses it or not.
 *
 * @returns what was done, for people
 * @throws {@link ConfigError} where it can't be done
 */
export async function backUp(config: StoreConfig, file: string): Promise<string> {
  const { dataDir, encryptionKeyFile } = config
  refusePostgres(config, 'pg_dump')
  const { databaseFile, isNew } = openDataFolder(dataDir)
  if (isNew) throw new ConfigError(`DATA_DIR (${JSON.stringify(dataDir)}) has no store.`)
  try {
    await copyDatabase(databaseFile, file)
  } catch (error) {
    throw new ConfigError(`Nothing was backed up to ${file}: ${describeDatabaseError(error)}.`)
  }
  const size = statSync(file).size.toLocaleString('en')
  return `Backed up to ${file}: ${size} bytes, checked. Only ${findKeyFile(encryptionKeyFile)} opens the credentials in it: keep a copy of that file too, in another place.`
}

/**
 * Puts a backup in the place of the store of a data folder, once it is known to be sound, to be of
 * this version or an older one, and to go with the encryption key at hand. What was there is kept
 * beside it.
 *
 * @returns what was done, for people
 * @throws {@link ConfigError} where it can't be done; the store is then as it was
 */
export async function restore(config: StoreConfig, file: string, now: Date): Promise<string> {
  const { dataDir } = config
  refusePostgres(config, 'pg_restore')
  const { databaseFile, isNew } = openDataFolder(dataDir)
  const unlock = lockFolder(dataDir)
  const draft = join(dataDir, `latchkey-restoring-${fileTimestamp(now)}.db`)
  const kept = join(dataDir, `latchkey-replaced-${fileTimestamp(now)}.db`)
  try {
    await copyDatabase(file, draft)
    await bringUpToDate(draft, config)
    if (!isNew) keep(databaseFile, kept)
    renameSync(draft, databaseFile)
    sync(dataDir)
  } catch (error) {
    if (error instanceof ConfigError) throw error
    throw new ConfigError(`Nothing was restored from ${file}: ${describeDatabaseError(error)}.`)
  } finally {
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${draft}${suffix}`, { force: true })
    unlock()
  }
  const replaced = isNew ? '' : ` What was there is kept beside it, as ${basename(kept)}.`
  return `Restored ${file}.${replaced} Keys, tokens, users and passwords are as they were then: look through what was deleted or changed since. Everybody has to sign in again.`
}

function refusePostgres({ databaseUrl }: StoreConfig, tool: string): void {
  if (databaseUrl === null) return
  throw new ConfigError(
    `DATABASE_URL names a PostgreSQL database. Use PostgreSQL's own ${tool}, as the README says.`,
  )
}

/** Opens a copy as a server does, which proves that one can. */
async function bringUpToDate(file: string, { encryptionKeyFile }: StoreConfig): Promise<void> {
  const reader = new Kysely<Database>({ dialect: sqliteDialect(file) })
  let changes: string[]
  try {
    changes = await appliedMigrations(reader)
  } finally {
    await reader.destroy()
  }
  if (changes.length === 0) throw new Error("it is no store of Latchkey's")
  const encryptionKey = openEncryptionKey(encryptionKeyFile, { isNewStore: false })
  const store = await openStore({ dialect: sqliteDialect(file), encryptionKey })
  try {
    // Opens what is sealed; of the key, a backup of an older version has no other proof.
    await store.deployments.list().catch(() => {
      throw new WrongEncryptionKey()
    })
    // One that was ended since must not be good again.
    await store.database.deleteFrom('sessions').execute()
  } finally {
    await store.close()
  }
  sync(file)
}

/** Gives a store another name, whatever state it is in. It has both until one takes its place. */
function keep(databaseFile: string, kept: string): void {
  try {
    const database = new DatabaseSync(databaseFile)
    database.exec('pragma wal_checkpoint(truncate)')
    database.close()
  } catch {
    // It may be damaged: that is what backups are for.
  }
  linkSync(databaseFile, kept)
  if (existsSync(`${databaseFile}-wal`)) renameSync(`${databaseFile}-wal`, `${kept}-wal`)
  rmSync(`${databaseFile}-shm`, { force: true })
}

function describeDatabaseError(error: unknown): string {
  if (error instanceof WrongEncryptionKey) {
    return "ENCRYPTION_KEY_FILE isn't the key that it was made with. Put that one in its place first"
  }
  if (error instanceof StoreTooNew) {
    return `it is of a newer Latchkey, with the change ${error.change}. Restore it with that version`
  }
  return error instanceof Error ? error.message : String(error)
}
