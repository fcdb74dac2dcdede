import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Kysely, sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest'
import { apiKeyPageSchema } from '../../src/contract/keys/schemas.ts'
import { ConfigError } from '../../src/server/config/config.ts'
import { openPostgres } from '../../src/server/engines/postgres/postgres.ts'
import { sqliteDialect } from '../../src/server/engines/sqlite/sqlite.ts'
import { migrate } from '../../src/store/migrations/migrate.ts'
import { migrations } from '../../src/store/migrations/migrations.ts'
import type { Database } from '../../src/store/schema.ts'
import { newDatabaseBeside } from '../harness/postgres/postgres.ts'
import { startTestServer } from '../harness/test-server.ts'

const THIRD = '003_uses_and_secrets'

let dataDir: string

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'latchkey-upgrade-'))
})
afterEach(() => rmSync(dataDir, { recursive: true }))

/** A store with a key, as a version that knew the first three changes left it. */
async function makeOldStore(): Promise<void> {
  const file = join(dataDir, 'latchkey.db')
  const old = new Kysely<Database>({ dialect: sqliteDialect(file) })
  const all = Object.fromEntries(Object.entries(migrations).filter(([name]) => name <= THIRD))
  await migrate(old, { all, beforeMigration: async () => {} })
  const row = { id: 'line-3', name: 'Line 3', plan: 'dedicated', version: 'v5' } as const
  const at = '2026-01-01T00:00:00.000Z'
  await old
    .insertInto('deployments')
    .values({
      ...row,
      region: null,
      backend_kind: 'embedded',
      backend_url: null,
      backend_key_id: null,
      backend_key_secret: null,
      listener_index: 0,
      created_at: at,
      revision: 1,
    })
    .execute()
  await sql`insert into api_keys (app_id, deployment_id, note, note_folded, access_mode,
    operations, secret_hash, legacy, created_at, version)
    values ('k1', 'line-3', 'kept', 'kept', 'full', null, 'none', 0, ${at}, 1)`.execute(old)
  await sql`insert into sign_in_guesses (key, failures, last_at) values ('ada', 6, ${at})`.execute(
    old,
  )
  await old.destroy()
  writeFileSync(join(dataDir, 'sealing.key'), Buffer.alloc(32, 7))
}

const copies = () => readdirSync(dataDir).filter((name) => name.startsWith('latchkey-'))

test('a store of an older version is brought up to date, with a copy as it was beside it', async () => {
  await makeOldStore()
  const now = () => new Date('2026-11-23T12:34:56Z')
  const first = await startTestServer({ dataDir, now })
  const listed = await first.api('GET', '/deployments/line-3/api-keys')
  expect(apiKeyPageSchema.parse(await listed.json()).items).toMatchObject([{ note: 'kept' }])
  expect(first.lines.join('')).toContain(`latchkey-${THIRD}-2026-11-23T12-34-56Z.db`)
  await first.stop()

  expect(copies()).toEqual([`latchkey-${THIRD}-2026-11-23T12-34-56Z.db`])
  const copy = join(dataDir, copies()[0] ?? '')
  expect(statSync(copy).mode & 0o777).toBe(0o600)
  const database = new DatabaseSync(copy, { readOnly: true })
  const changes = database.prepare('select name from kysely_migration order by name').all()
  expect(changes.at(-1)?.['name']).toBe(THIRD)
  expect(database.prepare('select note from api_keys').all()).toEqual([{ note: 'kept' }])
  database.close()

  const second = await startTestServer({ dataDir, now })
  await second.stop()
  expect(copies()).toHaveLength(1)
})

test('what can’t be copied is not changed', async () => {
  await makeOldStore()
  const now = () => new Date('2026-11-23T12:34:56Z')
  mkdirSync(join(dataDir, `latchkey-${THIRD}-2026-11-23T12-34-56Z.db`))
  await expect(startTestServer({ dataDir, now })).rejects.toThrow(
    /^DATA_DIR .+ can't be copied before its upgrade: .+ exists already\. Nothing was changed\.$/,
  )
  const database = new DatabaseSync(join(dataDir, 'latchkey.db'))
  const changes = database.prepare('select name from kysely_migration order by name').all()
  expect(changes.at(-1)?.['name']).toBe(THIRD)
  database.close()
})

const engines = [
  { name: 'SQLite', where: 'DATA_DIR', settings: async () => ({}) },
  {
    name: 'PostgreSQL',
    where: 'DATABASE_URL',
    settings: async () => ({ DATABASE_URL: await newDatabaseBeside(inject('postgresUrl')) }),
  },
]

describe.each(engines)('On $name,', ({ name, where, settings }) => {
  async function open(environment: { DATABASE_URL?: string }) {
    const { DATABASE_URL: url } = environment
    if (url === undefined) {
      const db = new Kysely<Database>({ dialect: sqliteDialect(join(dataDir, 'latchkey.db')) })
      return { db, close: () => db.destroy() }
    }
    const engine = openPostgres(url)
    const db = new Kysely<Database>({ dialect: engine.longRunningDialect })
    return { db, close: () => db.destroy().then(() => engine.close()) }
  }

  test('a store of a newer version stops the start with one line, untouched', async () => {
    const environment = await settings()
    const server = await startTestServer({ dataDir, environment })
    await server.stop()
    const { db, close } = await open(environment)
    await sql`insert into kysely_migration (name, timestamp) values ('999_later', 'then')`.execute(
      db,
    )
    const started = startTestServer({ dataDir, environment })
    await expect(started).rejects.toThrow(ConfigError)
    await expect(started).rejects.toThrow(
      new RegExp(
        `^${where}.* has a store of a newer Latchkey, with the change 999_later, and was left as it is\\. .+$`,
      ),
    )
    await close()
    expect(copies()).toEqual([])
  })

  test('a change that fails leaves the store as it was before all of them', async () => {
    const environment = await settings()
    if (name === 'SQLite') await makeOldStore()
    const { db, close } = await open(environment)
    const first = Object.fromEntries(Object.entries(migrations).filter(([name]) => name <= THIRD))
    const beforeMigration = async () => {}
    await migrate(db, { all: first, beforeMigration })
    const tables = async () => (await db.introspection.getTables()).map((table) => table.name)
    const before = await tables()
    const all = {
      ...migrations,
      '999_broken': {
        async up(on: Kysely<unknown>) {
          await on.schema.createTable('half').addColumn('id', 'text').execute()
          throw new Error('it broke')
        },
      },
    }
    await expect(migrate(db, { all, beforeMigration })).rejects.toThrow('it broke')
    expect(await tables()).toEqual(before)
    expect(await migrate(db, { beforeMigration })).toBe(false)
    await close()
  })
})

test('a damaged store stops the start with one line', async () => {
  const server = await startTestServer({ dataDir })
  await server.stop()
  writeFileSync(join(dataDir, 'latchkey.db'), 'not a database at all'.repeat(100))
  await expect(startTestServer({ dataDir })).rejects.toThrow(
    /^DATA_DIR .+ has a damaged store \(file is not a database\)\. .+ npm run restore -- FILE\.$/,
  )
})

test('a data folder is one server’s', async () => {
  const server = await startTestServer({ dataDir })
  await expect(startTestServer({ dataDir })).rejects.toThrow(
    /^DATA_DIR .+ is in use by another Latchkey\. Stop that one first\./,
  )
  await server.stop()
  const next = await startTestServer({ dataDir })
  await next.stop()
})
