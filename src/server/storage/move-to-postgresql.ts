import { createHash } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'
import { sql, type Kysely } from 'kysely'
import type { Secret } from '../../contract/secret.ts'
import type { Database } from '../../store/schema.ts'
import type { Store } from '../../store/store.ts'
import { ConfigError } from '../config/config.ts'
import { advisoryLockLeader } from '../runtime/leader-election.ts'
import { openDataFolder } from './data-folder.ts'
import { findKeyFile } from './encryption-key.ts'
import { openConfiguredStore, type StoreConfig } from './open-store.ts'

/** Whether each table is moved; the compiler asks for every new one. Parents before children. */
const IS_MOVED: Record<keyof Database, boolean> = {
  deployments: true,
  api_keys: true,
  users: true,
  sessions: true,
  accounts: true,
  failed_attempts: true,
  tokens: true,
  activity: true,
  usage: true,
  used_operations: true,
  usage_addresses: true,
  refused_calls: true,
  refused_credentials: true,
  // The target makes its own when it is opened.
  encryption_proof: false,
  // Live figures of the last minutes.
  recent_calls: false,
}

const isTable = (name: string): name is keyof Database => Object.hasOwn(IS_MOVED, name)
const TABLES = Object.keys(IS_MOVED)
  .filter(isTable)
  .filter((table) => IS_MOVED[table])

// PostgreSQL takes at most 65,535 parameters in a statement.
const PARAMETERS_MAX = 30_000
const ROWS_PER_PAGE = 5000

type Row = Record<string, unknown>

/**
 * Copies the SQLite store of a data folder into an empty PostgreSQL database, all or nothing, and
 * compares every row. The SQLite store stays as it is, but for being brought up to date.
 *
 * @returns what was done, for people
 * @throws {@link ConfigError} where it can't be done
 */
export async function moveToPostgresql(
  config: StoreConfig,
  databaseUrl: Secret,
  now: () => Date,
): Promise<string> {
  const { dataDir, encryptionKeyFile } = config
  const { databaseFile, isNew } = openDataFolder(dataDir)
  if (isNew) throw new ConfigError(`DATA_DIR (${JSON.stringify(dataDir)}) has no store to move.`)
  const ports = { log: { info() {} }, now }
  // Opened as by a server, which keeps servers out and brings it up to date.
  const { store: source } = await openConfiguredStore({ ...config, databaseUrl: null }, ports)
  const file = new DatabaseSync(databaseFile, { readOnly: true })
  try {
    const { store: target } = await openConfiguredStore({ ...config, databaseUrl }, ports)
    const owner = advisoryLockLeader(databaseUrl.reveal())
    try {
      // Of the servers on a database, one has its embedded brokers.
      if (!(await owner.tryAcquire())) {
        throw new ConfigError('A server runs on that database. Stop it first; nothing was moved.')
      }
      await refuseUsed(target)
      const counts = await target.database
        .transaction()
        .execute((transaction) => copyAll(file, transaction))
      const rows = Object.entries(counts).map(([name, count]) => `${count} ${name}`)
      return `Moved, and compared row by row: ${rows.join(', ')}. Start each server with DATABASE_URL and with ENCRYPTION_KEY_FILE=${findKeyFile(encryptionKeyFile)}, or a copy of that file. The store in ${dataDir} stays as it is and is used no more.`
    } finally {
      await owner.release()
      await target.close()
    }
  } finally {
    file.close()
    await source.close()
  }
}

async function refuseUsed({ database }: Store): Promise<void> {
  for (const table of TABLES) {
    const found = await database
      .selectFrom(table)
      .select(sql`1`.as('one'))
      .limit(1)
      .execute()
    if (found.length === 0) continue
    throw new ConfigError(
      `That database has a store already, with rows in ${table}. Name an empty one; nothing was moved.`,
    )
  }
}

async function copyAll(
  file: DatabaseSync,
  transaction: Kysely<Database>,
): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const table of TABLES) {
    const copied = new TableDigest()
    let page: Row[] = []
    const insert = async () => {
      if (page.length > 0) await insertRows(transaction, table, page)
      page = []
    }
    for (const row of file.prepare(`select * from ${table}`).iterate()) {
      copied.add(row)
      page.push(row)
      if (page.length * Object.keys(row).length >= PARAMETERS_MAX) await insert()
    }
    await insert()
    const kept = await digestOf(transaction, table)
    if (kept.text() !== copied.text()) {
      throw new ConfigError(`The rows of ${table} are not what they were. Nothing was moved.`)
    }
    counts[table.replaceAll('_', ' ')] = copied.count
  }
  return counts
}

async function insertRows(
  transaction: Kysely<Database>,
  table: (typeof TABLES)[number],
  rows: readonly Row[],
): Promise<void> {
  const columns = Object.keys(rows[0] ?? {})
  const values = rows.map((row) => sql`(${sql.join(columns.map((column) => row[column]))})`)
  await sql`
    insert into ${sql.table(table)} (${sql.join(columns.map((column) => sql.ref(column)))})
    values ${sql.join(values)}`.execute(transaction)
}

async function digestOf(
  transaction: Kysely<Database>,
  table: (typeof TABLES)[number],
): Promise<TableDigest> {
  const digest = new TableDigest()
  await sql`declare moved no scroll cursor for select * from ${sql.table(table)}`.execute(
    transaction,
  )
  for (;;) {
    const { rows } = await sql<Row>`fetch ${sql.lit(ROWS_PER_PAGE)} from moved`.execute(transaction)
    for (const row of rows) digest.add(row)
    if (rows.length < ROWS_PER_PAGE) break
  }
  await sql`close moved`.execute(transaction)
  return digest
}

/** Whether two tables have the same rows, in whatever order they come. */
class TableDigest {
  count = 0
  #sum = 0n

  add(row: Row): void {
    const sorted = Object.entries(row).toSorted(([one], [other]) => (one < other ? -1 : 1))
    const hash = createHash('sha256').update(JSON.stringify(sorted)).digest('hex')
    this.#sum = (this.#sum + BigInt(`0x${hash}`)) % 2n ** 256n
    this.count += 1
  }

  text(): string {
    return `${this.count} ${this.#sum}`
  }
}
