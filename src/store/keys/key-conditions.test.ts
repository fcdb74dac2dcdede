import fc from 'fast-check'
import { CompiledQuery, Kysely, sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { engines } from '../../../test/harness/engines.ts'
import { ago, apiKey, newStore, none, NOW, used } from '../../../test/harness/store-fixtures.ts'
import type { Access } from '../../contract/access/access.ts'
import { apiKeySorts } from '../../contract/keys/api-key-sorts.ts'
import { keyConditions } from '../../contract/keys/key-conditions.ts'
import { sqliteDialect } from '../../server/engines/sqlite/sqlite.ts'
import { migrate } from '../migrations/migrate.ts'
import { migrations } from '../migrations/migrations.ts'
import type { Database } from '../schema.ts'
import { NO_LOCKS } from '../sql/locks.ts'
import type { Store } from '../store.ts'
import { recomputedStalestUse } from '../usage/stalest-operation.ts'
import type { UsageBatch } from '../usage/usage-batch.ts'
import { apiKeyStore } from './api-keys.ts'

describe.each(engines)('On $name,', (engine) => {
  test('The conditions are true of the keys they say, each for itself and counted together', async () => {
    const store = await newStore(
      engine,
      apiKey('full', { access: { mode: 'full' }, createdAt: ago(1) }),
      apiKey('fresh', { createdAt: ago(13), expiresAt: ago(-1) }),
      apiKey('never', { createdAt: ago(31), expiresAt: ago(-1) }),
      apiKey('always', { expiresAt: ago(-1) }),
      apiKey('half', { expiresAt: ago(-1) }),
      apiKey('long-ago', { expiresAt: ago(-1) }),
      apiKey('thirty', { expiresAt: ago(-1) }),
      apiKey('not-thirty', { expiresAt: ago(-1) }),
      apiKey('paused', { expiresAt: ago(-1), disabled: true }),
      apiKey('expired', { expiresAt: ago(0) }),
      apiKey('legacy', { access: { mode: 'full' }, legacy: true, createdAt: null }),
    )
    await store.usage.add({
      ...none,
      calls: [
        used('always', ago(1)),
        used('always', ago(1), 'GET /clients/{clientid}'),
        used('half', ago(40), 'GET /clients/{clientid}'),
        used('half', ago(40), 'GET /rules'),
        // The day before the one thirty days ago, and that one.
        used('thirty', ago(30.6)),
        used('not-thirty', ago(30.1)),
        used('long-ago', ago(91)),
        used('long-ago', ago(91), 'GET /clients/{clientid}'),
      ],
    })
    const secretHash = new Uint8Array(32)
    for (const [appId, endsIn] of [
      ['always', 1],
      ['half', 1],
      ['expired', -1],
    ] as const) {
      const target = { deploymentId: 'line-3', appId, version: 1 }
      await store.apiKeys.rotate(target, { secretHash, oldSecretEndsAt: ago(-endsIn) })
    }
    const oldSecretUses = ['half', 'expired'].map((appId) => {
      return { appId, secretHash: '01'.repeat(32), at: ago(39) }
    })
    await store.usage.add({ ...none, oldSecretUses })
    const found: Record<string, string[]> = {}
    for (const is of keyConditions) {
      const condition = { is, at: NOW }
      const keys = await store.apiKeys.list('line-3', { condition, sort: 'appId', limit: 99 })
      found[is] = keys.map(({ appId }) => appId)
      expect(await store.apiKeys.count('line-3', { condition })).toBe(keys.length)
    }
    expect(found).toEqual({
      fullAccess: ['full', 'legacy'],
      neverExpires: ['full', 'legacy'],
      unused30: ['half', 'long-ago', 'never', 'thirty'],
      unused90: ['long-ago'],
      oldSecretInUse: ['half'],
      legacy: ['legacy'],
      unusedPermissions: ['expired', 'half', 'long-ago', 'never', 'not-thirty', 'paused', 'thirty'],
    })
    const counts = await store.apiKeys.countByCondition('line-3', NOW)
    expect(counts).toEqual(
      Object.fromEntries(Object.entries(found).map(([is, keys]) => [is, keys.length])),
    )
    const empty = await store.apiKeys.countByCondition('nowhere', NOW)
    expect(Object.values(empty).every((count) => count === 0)).toBe(true)
  })
})

describe.each(engines)('On $name, permissions', (engine) => {
  const key = { deploymentId: 'line-3', appId: 'k1' }
  const operations = ['GET /clients', 'GET /rules', 'POST /publish'] as const
  const condition = { is: 'unusedPermissions' as const, at: NOW }

  async function areUnused(store: Store): Promise<boolean> {
    return (await store.apiKeys.count('line-3', { condition })) === 1
  }

  test('are unused until each was used, whatever becomes of the list', async () => {
    const access: Access = { mode: 'list', operations: operations.slice(0, 2) }
    const store = await newStore(engine, apiKey('k1', { access }))
    let version = 0
    const change = (to: Access) =>
      store.apiKeys.update({ ...key, version: ++version }, { access: to })
    const use = (...calls: UsageBatch['calls']) => store.usage.add({ ...none, calls })
    expect(await areUnused(store)).toBe(true)
    await use(used('k1', ago(89)), used('k1', ago(92), 'GET /rules'))
    expect(await areUnused(store)).toBe(true)
    await use(used('k1', ago(80), 'GET /rules'), used('k1', ago(95)))
    expect(await areUnused(store)).toBe(false)
    await change({ mode: 'list', operations })
    expect(await areUnused(store)).toBe(true)
    await change({ mode: 'full' })
    expect(await areUnused(store)).toBe(false)
    await use(used('k1', ago(1), 'POST /publish'))
    await change({ mode: 'list', operations })
    expect(await areUnused(store)).toBe(false)
  })

  test('are told by what was last used as if all use was looked at anew', async () => {
    const lists = fc.subarray([...operations], { minLength: 1 })
    const change = fc.record({ list: fc.option(lists) })
    const use = fc.record({
      used: fc.array(fc.tuple(fc.constantFrom(...operations), fc.nat(3)), { minLength: 1 }),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(change, use), { maxLength: 12 }), async (steps) => {
        const store = await newStore(engine, apiKey('k1'))
        let version = 0
        for (const step of steps) {
          if ('used' in step) {
            const calls = step.used.map(([operation, days]) => used('k1', ago(days), operation))
            await store.usage.add({ ...none, calls: calls.filter(isFirst) })
          } else {
            const access: Access = step.list
              ? { mode: 'list', operations: step.list }
              : { mode: 'full' }
            await store.apiKeys.update({ ...key, version: ++version }, { access })
          }
        }
        const noted = () =>
          store.database.selectFrom('api_keys').select('stalest_operation_used_on').execute()
        const before = await noted()
        await sql`update api_keys set stalest_operation_used_on = ${recomputedStalestUse}`.execute(
          store.database,
        )
        expect(before).toEqual(await noted())
      }),
      { numRuns: 40 },
    )
  })
})

// A batch has one row for each operation and hour.
function isFirst(one: UsageBatch['calls'][number], at: number, all: UsageBatch['calls']): boolean {
  return (
    all.findIndex(({ operation, hour }) => operation === one.operation && hour === one.hour) === at
  )
}

test('A list reads the rows of its page alone, and a count none, whatever is asked for', async () => {
  const asked: CompiledQuery[] = []
  const log = ({ query }: { query: CompiledQuery }) => void asked.push(query)
  const db = new Kysely<Database>({ dialect: sqliteDialect(':memory:'), log })
  await migrate(db, { beforeMigration: async () => {} })
  asked.length = 0
  const keys = apiKeyStore(db, NO_LOCKS)
  const after = { value: 'a', appId: 'k1' }
  const filters = [
    { search: 'two words', access: 'list' as const },
    ...keyConditions.map((is) => ({ condition: { is, at: NOW } })),
  ]
  for (const filter of filters) {
    for (const sort of apiKeySorts) await keys.list('line-3', { ...filter, sort, after, limit: 51 })
    await keys.count('line-3', filter)
  }
  await keys.countByCondition('line-3', NOW)
  for (const { sql: text, parameters } of asked.splice(0)) {
    const { rows } = await db.executeQuery<{ detail: string }>(
      CompiledQuery.raw(`explain query plan ${text}`, [...parameters]),
    )
    const reads = rows.map(({ detail }) => detail).filter((detail) => detail.includes('api_keys'))
    // Those of the page are found by their App IDs.
    const others = reads.filter((detail) => !detail.endsWith('(app_id=?)'))
    expect(others).toHaveLength(1)
    expect(others[0]).toMatch(/^SEARCH api_keys USING COVERING INDEX \w+ \(deployment_id=\?/)
  }
  await db.destroy()
})

/** A store with a deployment, as it was before this change of the schema. */
async function storeBefore(change: string): Promise<Kysely<Database>> {
  const db = new Kysely<Database>({ dialect: sqliteDialect(':memory:') })
  const all = Object.fromEntries(Object.entries(migrations).filter(([name]) => name < change))
  await migrate(db, { all, beforeMigration: async () => {} })
  await sql`insert into deployments (id, name, plan, version, backend_kind, listener_index,
    created_at, revision) values ('line-3', '', 'byoc', 'v5', 'embedded', 0, ${ago(200)}, 1)`.execute(
    db,
  )
  return db
}

test('What an older store knew of last uses is known after it is brought up to date', async () => {
  const db = await storeBefore('006_last_uses')
  for (const [appId, at, address] of [
    ['k1', ago(1), '192.0.2.1'],
    ['k2', ago(2), null],
    ['k3', null, null],
  ]) {
    await sql`insert into api_keys (app_id, deployment_id, note, note_folded, access_mode,
      secret_hash, legacy, created_at, version, last_used_at, last_used_operation,
      last_used_address) values (${appId}, 'line-3', '', '', 'full', '', 0, ${ago(200)}, 1,
      ${at}, ${at && 'GET /clients'}, ${address})`.execute(db)
    await sql`insert into used_operations (app_id, operation, last_at)
      values (${appId}, 'GET /rules', ${ago(3)})`.execute(db)
  }
  await sql`insert into used_operations values ('k1', 'GET /clients', ${ago(1)})`.execute(db)
  await sql`delete from used_operations where app_id = 'k3'`.execute(db)
  await migrate(db, { beforeMigration: async () => {} })
  const keys = await apiKeyStore(db, NO_LOCKS).list('line-3', { sort: 'appId', limit: 9 })
  const operation = 'GET /clients'
  expect(keys.map(({ lastUse }) => lastUse)).toEqual([
    { at: ago(1), operation, address: '192.0.2.1' },
    { at: ago(2), operation, address: null },
    null,
  ])
  const days = await db.selectFrom('api_keys').select('last_used_on').orderBy('app_id').execute()
  expect(days.map((row) => row.last_used_on?.length)).toEqual([10, 10, undefined])
  await db.destroy()
})

test('What keys of an older store used is looked at once, when it is brought up to date', async () => {
  const db = await storeBefore('005_large_lists')
  const lists = { k1: '["GET /clients"]', k2: '["GET /clients","GET /rules"]', k3: null }
  for (const [appId, list] of Object.entries(lists)) {
    await sql`insert into api_keys (app_id, deployment_id, note, note_folded, access_mode, operations,
      secret_hash, legacy, created_at, version, use_recorded_since) values (${appId}, 'line-3', '',
      '', ${list === null ? 'full' : 'list'}, ${list}, '', 0, ${ago(200)}, 1, ${ago(200)})`.execute(
      db,
    )
    await sql`insert into used_operations (app_id, operation, last_at)
      values (${appId}, 'GET /clients', ${ago(1)})`.execute(db)
  }
  await migrate(db, { beforeMigration: async () => {} })
  const noted = await db
    .selectFrom('api_keys')
    .select('stalest_operation_used_on')
    .orderBy('app_id')
    .execute()
  expect(noted.map((row) => row.stalest_operation_used_on)).toEqual([ago(1).slice(0, 10), '', null])
  await db.destroy()
})
