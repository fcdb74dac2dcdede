import { sql } from 'kysely'
import { expect, onTestFinished, test } from 'vitest'
import { engines, encryptionKey, testDatabase } from '../../test/harness/engines.ts'
import { ago, apiKey, newStore, none, NOW, used } from '../../test/harness/store-fixtures.ts'
import { openPostgres } from '../server/engines/postgres/postgres.ts'
import { openStore, type Store } from './store.ts'

// What only engines with several connections can get wrong.

const postgres = engines.find(({ name }) => name === 'PostgreSQL')

/** A store of another server on the same database. */
async function anotherServer(): Promise<Store> {
  const { close, ...engine } = openPostgres(await testDatabase())
  const store = await openStore({ ...engine, encryptionKey })
  onTestFinished(async () => {
    await store.close()
    await close()
  })
  return store
}

function shuffled<Item>(items: readonly Item[]): Item[] {
  return items
    .map((item) => ({ item, at: Math.random() }))
    .toSorted((one, other) => one.at - other.at)
    .map(({ item }) => item)
}

test('servers that write use, age it and remove keys at the same time wait for nobody in a circle', async () => {
  if (!postgres) throw new Error('there is no PostgreSQL')
  const ids = Array.from({ length: 60 }, (_, index) => `k${String(index).padStart(2, '0')}`)
  const one = await newStore(postgres, ...ids.map((id) => apiKey(id)))
  const other = await anotherServer()
  const refused = { calls: 1, firstAt: ago(0), lastAt: ago(0), lastAddress: null }
  const add = async (store: Store) => {
    const appIds = shuffled(ids)
    await store.usage.add({
      ...none,
      calls: appIds.flatMap((appId) => [used(appId, ago(0)), used(appId, ago(20))]),
      oldSecretUses: shuffled(appIds).map((appId) => {
        return { appId, secretHash: '01'.repeat(32), at: ago(0) }
      }),
      addresses: shuffled(appIds).map((appId) => {
        return { appId, address: '192.0.2.1', calls: 1, lastAt: ago(0) }
      }),
      refusedCalls: shuffled(appIds).map((appId) => {
        return { appId, operation: 'GET /rules', reason: 'notGranted' as const, ...refused }
      }),
      refusedCredentials: shuffled(appIds).map((appId) => {
        return { deploymentId: 'line-3', appId, reason: 'wrongSecret' as const, ...refused }
      }),
    })
  }
  const rounds = async (work: (round: number) => Promise<unknown>) => {
    for (let round = 0; round < 20; round += 1) await work(round)
  }
  await Promise.all([
    rounds(() => add(one)),
    rounds(() => add(one)),
    rounds(() => add(other)),
    rounds(() => Promise.all([one.usage.age(NOW), other.usage.age(NOW)])),
    rounds((round) =>
      other.transaction(({ apiKeys }) => apiKeys.remove('line-3', ids[round] ?? '', undefined)),
    ),
  ])
  const kept = ids.at(-1) ?? ''
  await one.usage.age(NOW)
  const calls = await one.usage.callsOf(kept, ago(90))
  expect(calls.map((call) => call.calls)).toEqual([60, 60])
  expect(await one.usage.callsOf(ids[0] ?? '', ago(90))).toEqual([])
  await Promise.all([
    add(one),
    add(other),
    one.transaction(({ deployments }) => deployments.remove('line-3', undefined)),
  ])
  expect(await other.usage.callsOf(kept, ago(90))).toEqual([])
}, 60_000)

test('changes of two servers are made one at a time, each on what the ones before left', async () => {
  if (!postgres) throw new Error('there is no PostgreSQL')
  const one = await newStore(postgres)
  const other = await anotherServer()
  const seen: number[] = []
  const change = (store: Store, name: string) =>
    store.transaction(async ({ apiKeys }) => {
      const count = await apiKeys.count('line-3')
      await apiKeys.create(apiKey(name))
      seen.push(count)
    })
  const names = Array.from({ length: 20 }, (_, index) => `k${index}`)
  await Promise.all(names.map((name, index) => change(index % 2 === 0 ? one : other, name)))
  expect(seen.toSorted((first, second) => first - second)).toEqual(names.map((_, index) => index))
})

test('a change of access that waits for a use to be noted knows of that use', async () => {
  if (!postgres) throw new Error('there is no PostgreSQL')
  const one = await newStore(postgres, apiKey('k1'))
  const other = await anotherServer()
  const waiting = async () => {
    const { rows } = await sql`select 1 from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`.execute(one.database)
    return rows.length
  }
  const access = { mode: 'list' as const, operations: ['GET /clients' as const] }
  let changing: Promise<unknown> | undefined
  await one.transaction(async ({ usage }) => {
    await usage.add({ ...none, calls: [used('k1', ago(0))] })
    const target = { deploymentId: 'line-3', appId: 'k1', version: 1 }
    changing = other.apiKeys.update(target, { access })
    await expect.poll(waiting, { timeout: 20_000 }).toBe(1)
  })
  expect(await changing).toMatchObject({ outcome: 'done' })
  const condition = { is: 'unusedPermissions' as const, at: NOW }
  expect(await one.apiKeys.count('line-3', { condition })).toBe(0)
})
