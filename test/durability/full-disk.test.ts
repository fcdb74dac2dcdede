import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmdirSync,
  rmSync,
  statfsSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { sql } from 'kysely'
import { Client } from 'pg'
import { afterAll, describe, expect, inject, onTestFinished, test } from 'vitest'
import { call } from '../../src/contract-suite/host.ts'
import { deploymentSchema } from '../../src/contract/deployments/schemas.ts'
import { ConfigError } from '../../src/server/config/config.ts'
import { findDamageIn, findLeftovers } from '../harness/damage.ts'
import { signedInAs, startInProcess } from '../harness/in-process.ts'
import { startTestServer } from '../harness/test-server.ts'

const FULL =
  'Nothing was saved: the disk that the store is on is full. Make room there and try again. Keys go on working.'

/** A file system of its own with this much room; undefined where none can be mounted. */
function mountSmall(): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-small-'))
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'none', folder])
  if (mounted.status === 0) return folder
  rmdirSync(folder)
  return undefined
}

// Empty where nothing may be mounted: tests that have to fill a disk are left out there.
const small = mountSmall() ?? ''
const takenBySomebodyElse = join(small, 'somebody-else')
afterAll(() => {
  if (small === '') return
  spawnSync('umount', ['--lazy', small])
  rmdirSync(small)
})

/** Takes all the room, until {@link free} or the end of the test. */
function fill(): void {
  const { bavail, bsize } = statfsSync(small)
  writeFileSync(takenBySomebodyElse, Buffer.alloc(bavail * bsize))
  onTestFinished(free)
}

function free(): void {
  rmSync(takenBySomebodyElse, { force: true })
}

type Row = { [column: string]: unknown }
/** A store on the small file system, and how to look into it once its server is gone. */
type SmallStore = {
  environment: Record<string, string>
  rows(query: string): Promise<Row[]>
  damage(): Promise<string[]>
  remove(): Promise<void>
}

async function onSqlite(): Promise<SmallStore> {
  const dataDir = join(small, 'data')
  const file = join(dataDir, 'latchkey.db')
  return {
    environment: { DATA_DIR: dataDir },
    async rows(query) {
      const database = new DatabaseSync(file, { readOnly: true })
      const rows = database.prepare(query).all()
      database.close()
      return rows
    },
    damage: async () => findDamageIn(file),
    remove: async () => rmSync(dataDir, { recursive: true }),
  }
}

async function onPostgres(): Promise<SmallStore & { disconnectAll(): Promise<void> }> {
  const url = new URL(inject('postgresUrl'))
  const administrator = new Client(url.href)
  await administrator.connect()
  const { rows } = await administrator.query<{ data_directory: string }>('show data_directory')
  const { uid, gid } = statSync(rows[0]?.data_directory ?? '')
  const folder = join(small, 'tables')
  mkdirSync(folder, { mode: 0o700 })
  chownSync(folder, uid, gid)
  chmodSync(small, 0o755)
  await administrator.query(`create tablespace small location '${folder}'`)
  await administrator.query('create database small tablespace small')
  url.pathname = '/small'
  return {
    environment: { DATABASE_URL: url.href },
    async rows(query) {
      const client = new Client(url.href)
      await client.connect()
      const found = await client.query<Row>(query)
      await client.end()
      return found.rows
    },
    async disconnectAll() {
      await administrator.query(
        "select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = 'small'",
      )
    },
    damage: () => findLeftovers(url.href),
    async remove() {
      await administrator.query('drop database small with (force)')
      await administrator.query('drop tablespace small')
      await administrator.end()
      rmdirSync(folder)
    },
  }
}

describe.skipIf(small === '').each([
  { name: 'SQLite', open: onSqlite },
  { name: 'PostgreSQL', open: onPostgres },
])('On a disk that somebody else filled up, $name', ({ open }) => {
  test('goes on with calls, refuses changes whole, and is well once there is room', async () => {
    const store = await open()
    const environment = { SAMPLES: 'on', LOG_LEVEL: 'error', ...store.environment }
    const server = await startTestServer({ environment })
    const keys = '/deployments/plant-telemetry/api-keys'
    const { appId, authorization } = await server.createKey('plant-telemetry', {
      note: 'before',
      access: { mode: 'full' },
    })
    const callGateway = async () => {
      const answer = await fetch(`${server.url}/plant-telemetry/api/v5/clients`, {
        headers: { authorization },
      })
      return answer.status
    }
    // PostgreSQL may take no new connection once the disk is full.
    expect((await server.api('GET', keys)).status).toBe(200)
    expect(await callGateway()).toBe(200)
    fill()

    // Until what the store still had of its own is used up.
    const made: string[] = []
    let refused: Response | undefined
    for (let count = 0; count < 3000 && !refused; count += 1) {
      const note = `${count} ${'x'.repeat(150)}`
      const answer = await server.api('POST', keys, { note, access: { mode: 'full' } })
      if (answer.status === 201) made.push(note)
      else refused = answer
    }
    expect(refused?.status).toBe(507)
    expect(refused?.headers.get('retry-after')).toBe('5')
    expect(await refused?.json()).toMatchObject({ title: 'Disk full', detail: FULL })
    const listed = await server.api('GET', keys)
    // Where it is another status, what the server wrote says why.
    expect([listed.status, ...(listed.ok ? [] : server.lines)]).toEqual([200])
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200)
    expect(await callGateway()).toBe(200)
    // There may be room for a small thing still.
    await server.settle().catch(() => {})
    expect(await callGateway()).toBe(200)

    free()
    const key = await server.api('PATCH', `${keys}/${appId}`, { disabled: true }, IF_MATCH)
    expect(key.status).toBe(200)
    expect(await callGateway()).toBe(401)
    await server.settle()
    const usage = await server.api('GET', `${keys}/${appId}/usage?days=1`)
    expect(await usage.json()).toMatchObject({ operations: [{ allowed: 3 }] })
    await server.stop()

    expect(await store.damage()).toEqual([])
    const stored = await store.rows("select note from api_keys where note like '% xxx%'")
    expect(new Set(stored.map(({ note }) => note))).toEqual(new Set(made))
    expect(stored).toHaveLength(made.length)
    const created = "select count(*) as n from activity where action = 'apiKey.create'"
    expect(Number((await store.rows(created))[0]?.['n'])).toBe(made.length + 1)
    await store.remove()
  }, 120_000)
})

// Where PostgreSQL can't write the file that new connections begin with, it makes none and calls
// that an internal error.
test.skipIf(small === '')('a full disk that lets nobody connect is a database away', async () => {
  const store = await onPostgres()
  const environment = { SAMPLES: 'on', LOG_LEVEL: 'error', ...store.environment }
  const server = await startTestServer({ environment })
  const { authorization } = await server.createKey('plant-telemetry', {
    note: 'before',
    access: { mode: 'full' },
  })
  const keys = '/deployments/plant-telemetry/api-keys'
  const askAll = async () => {
    const gateway = `${server.url}/plant-telemetry/api/v5/clients`
    const answers = await Promise.all([
      server.api('GET', keys),
      fetch(`${server.url}/readyz`),
      fetch(gateway, { headers: { authorization } }),
    ])
    return answers.map(({ status }) => status)
  }
  expect(await askAll()).toEqual([200, 200, 200])
  for (const file of readdirSync(small, { recursive: true, encoding: 'utf8' })) {
    if (file.endsWith('pg_internal.init')) truncateSync(join(small, file), 0)
  }
  fill()
  await store.disconnectAll()
  expect(await askAll()).toEqual([503, 503, 503])
  free()
  await expect.poll(askAll, { timeout: 20_000 }).toEqual([200, 200, 200])
  await server.stop()
  await store.remove()
})

const IF_MATCH = { 'if-match': '"1"' }

test.skipIf(small === '')('a disk without room stops a first start with one line', async () => {
  fill()
  const started = startTestServer({ environment: { DATA_DIR: join(small, 'new') } })
  await expect(started).rejects.toThrow(ConfigError)
  await expect(started).rejects.toThrow(
    /^(?:DATA_DIR|ENCRYPTION_KEY_FILE) [^\n]+(?:ENOSPC|full)[^\n]+$/,
  )
  free()
  rmSync(join(small, 'new'), { recursive: true, force: true })
})

test('a store that may not grow refuses a change and leaves nothing of it', async () => {
  const host = await startInProcess()
  const headers = signedInAs('administrator')
  const added = await call(host, 'createDeployment', {
    headers,
    json: { name: 'Line 3', plan: 'dedicated', backend: { kind: 'embedded' } },
  })
  const { id: deploymentId } = deploymentSchema.parse(JSON.parse(added.text))
  const { database } = host.store
  const pages = await sql<{ page_count: number }>`pragma page_count`.execute(database)
  const limit = (count: number) => sql.raw(`pragma max_page_count = ${count}`).execute(database)
  await limit(pages.rows[0]?.page_count ?? 0)
  const create = () =>
    call(host, 'createApiKey', {
      headers,
      params: { deploymentId },
      json: { note: 'x'.repeat(200), access: { mode: 'full' } },
    })
  let made = 0
  let answer = await create()
  for (; answer.status === 201; answer = await create()) made += 1
  expect([answer.status, JSON.parse(answer.text).detail]).toEqual([507, FULL])
  expect(String(host.errors)).toContain('full')

  const count = async (table: 'api_keys' | 'activity') => {
    const { rows } = await sql<{
      n: number
    }>`select count(*) as n from ${sql.table(table)}`.execute(database)
    return rows[0]?.n
  }
  expect(await count('api_keys')).toBe(made)
  // The deployment's own entry comes first.
  expect(await count('activity')).toBe(made + 1)
  await limit(1_000_000)
  expect((await create()).status).toBe(201)
})
