import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, inject, test } from 'vitest'
import { basicAuthorization } from '../../src/contract/keys/credentials.ts'
import { createdApiKeySchema } from '../../src/contract/keys/schemas.ts'
import { usageSchema } from '../../src/contract/usage/schemas.ts'
import { findDamageIn, findLeftovers } from '../harness/damage.ts'
import { killUnderLoad } from '../harness/kills.ts'
import { newDatabaseBeside } from '../harness/postgres/postgres.ts'
import { administratorToken, startServerProcess } from '../harness/server-process.ts'

// How much of the record a crash may cost, in milliseconds.
const LOST_AT_MOST = 10_000
const KEYS = '/api/v1/deployments/plant-telemetry/api-keys'
// `npm run check:kills` does so two hundred times on each store.
const KILLS = 2

let dataDir: string

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'latchkey-kill-'))
})
afterEach(() => rmSync(dataDir, { recursive: true }))

test.each(['SQLite', 'PostgreSQL'])(
  'on %s, a crash at any moment undoes nothing that was confirmed, and leaves nothing by halves',
  async (store) => {
    const isSqlite = store === 'SQLite'
    const url = isSqlite ? '' : await newDatabaseBeside(inject('postgresUrl'))
    const { kills, confirmed, faults } = await killUnderLoad({
      environment: { DATA_DIR: dataDir, DATABASE_URL: url },
      kills: KILLS,
      findDamage: async () =>
        isSqlite ? findDamageIn(join(dataDir, 'latchkey.db')) : findLeftovers(url),
    })
    expect(faults).toEqual([])
    expect(kills).toBe(KILLS)
    expect(confirmed.create).toBeGreaterThanOrEqual(KILLS)
  },
  120_000,
)

test('a crash costs the record of use ten seconds at most', async () => {
  const settings = { DATA_DIR: dataDir, SAMPLES: 'on' }
  let server = await startServerProcess(settings)
  try {
    const headers = { authorization: `Bearer ${await administratorToken(server.url)}` }
    const created = await fetch(`${server.url}${KEYS}`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({ access: { mode: 'full' } }),
    })
    const { apiKey, appSecret } = createdApiKeySchema.parse(await created.json())
    const authorization = basicAuthorization(apiKey.appId, appSecret)
    const call = async () => {
      const path = '/plant-telemetry/api/v5/clients'
      return (await fetch(`${server.url}${path}`, { headers: { authorization } })).status
    }
    const recorded = async () => {
      const path = `${KEYS}/${apiKey.appId}/usage?days=1`
      const answer = await fetch(`${server.url}${path}`, { headers })
      const { operations } = usageSchema.parse(await answer.json())
      return operations.reduce((sum, { allowed }) => sum + allowed, 0)
    }
    for (let count = 0; count < 100; count += 1) expect(await call()).toBe(200)
    await expect.poll(recorded, { timeout: LOST_AT_MOST }).toBe(100)
    for (let count = 0; count < 10; count += 1) expect(await call()).toBe(200)
    await server.kill()

    server = await startServerProcess(settings)
    expect(await recorded()).toBeGreaterThanOrEqual(100)
    expect(await recorded()).toBeLessThanOrEqual(110)
  } finally {
    await server.stop()
  }
}, 60_000)
