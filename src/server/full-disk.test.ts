import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmdirSync, statfsSync, writeFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { sql } from 'kysely'
import { afterAll, describe, expect, test } from 'vitest'
import { call } from '../contract-suite/host.ts'
import { deploymentSchema } from '../contract/schemas.ts'
import { signedInAs, startInProcess } from '../management/testing/in-process.ts'
import { startTestServer } from './testing.ts'

const FULL =
  'Nothing was saved: the disk that the store is on is full. Make room there and try again. Keys go on working.'

/** A file system of its own with this much room; undefined where none can be mounted. */
function mountSmall(megabytes: number): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-small-'))
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'none', folder])
  if (mounted.status === 0) return folder
  rmdirSync(folder)
  return undefined
}

const small = mountSmall(8)
afterAll(() => {
  if (small === undefined) return
  spawnSync('umount', ['--lazy', small])
  rmdirSync(small)
})

function fill(folder: string): string {
  const file = join(folder, 'somebody-else')
  const { bavail, bsize } = statfsSync(folder)
  writeFileSync(file, Buffer.alloc(bavail * bsize))
  return file
}

describe.skipIf(small === undefined)('On a disk that somebody else filled up,', () => {
  test('calls go on, changes are refused whole, and all is well once there is room', async () => {
    const dataDir = join(small ?? '', 'data')
    const server = await startTestServer({ dataDir, environment: { SAMPLES: 'on' } })
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
    const taken = fill(small ?? '')

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
    const patched = await server.api('PATCH', `${keys}/${appId}`, { disabled: true }, IF_MATCH)
    expect(patched.status).toBe(507)
    expect((await server.api('GET', keys)).status).toBe(200)
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200)
    expect(await callGateway()).toBe(200)
    await expect(server.settle()).rejects.toThrow('full')
    expect(await callGateway()).toBe(200)

    rmSync(taken)
    const key = await server.api('PATCH', `${keys}/${appId}`, { disabled: true }, IF_MATCH)
    expect(key.status).toBe(200)
    expect(await callGateway()).toBe(401)
    await server.settle()
    const usage = await server.api('GET', `${keys}/${appId}/usage?days=1`)
    expect(await usage.json()).toMatchObject({ operations: [{ allowed: 2 }] })
    await server.stop()

    const database = new DatabaseSync(join(dataDir, 'latchkey.db'))
    expect(database.prepare('pragma integrity_check').all()).toEqual([{ integrity_check: 'ok' }])
    const notes = database.prepare("select note from api_keys where note like '% xxx%'").all()
    expect(new Set(notes.map(({ note }) => note))).toEqual(new Set(made))
    expect(notes).toHaveLength(made.length)
    const entries = database
      .prepare("select subject_name from activity where action = 'apiKey.create'")
      .all()
    expect(entries).toHaveLength(made.length + 1)
    database.close()
  }, 120_000)
})

const IF_MATCH = { 'if-match': '"1"' }

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
