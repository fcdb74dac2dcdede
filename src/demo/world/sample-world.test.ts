import { describe, expect, test } from 'vitest'
import type { ActivityEntry } from '../../contract/activity/schemas.ts'
import type { OperationId } from '../../contract/catalog/operation.ts'
import { sqliteDialect } from '../../server/engines/sqlite/sqlite.ts'
import { openStore, type Store } from '../../store/store.ts'
import type { ScenarioName } from './scenario-names.ts'
import { scenarios } from './scenarios.ts'
import { seededBytes } from './seeded.ts'

const now = new Date('2026-11-23T12:00:00.000Z')

async function filled(scenario: ScenarioName, seed = 'a'): Promise<Store> {
  const encryptionKey = new Uint8Array(32)
  const store = await openStore({ dialect: sqliteDialect(':memory:'), encryptionKey })
  await scenarios[scenario].fill(store, now, seededBytes(seed).random)
  return store
}

const history = (store: Store) => store.activity.list({ limit: 10_000 })
const withoutId = (entry: ActivityEntry) => ({ ...entry, id: '' })
const sorted = (ids: readonly (string | null)[]) => ids.map(String).toSorted()

async function keysOf(store: Store) {
  const keys = []
  for (const { id } of await store.deployments.list()) {
    keys.push(...(await store.apiKeys.list(id, { sort: 'appId', limit: 1000 })))
  }
  return keys
}

describe('The keys of the demo', () => {
  test('are others in each deployment', async () => {
    const notes = (await keysOf(await filled('default'))).flatMap(({ note }) => note || [])
    expect(notes.length).toBeGreaterThan(10)
    expect(new Set(notes).size).toBe(notes.length)
  })
})

describe('The use of the demo', () => {
  test('fits to the keys: what was allowed is granted, and no call comes before its key', async () => {
    const store = await filled('default')
    const start = '2000-01-01T00:00:00.000Z'
    let used = 0
    for (const { appId, access, createdAt, lastUse } of await keysOf(store)) {
      const operations = await store.usage.operationsOf(appId, start)
      const calls = await store.usage.callsOf(appId, start)
      const allowed = operations.filter((one) => one.allowed > 0)
      used += allowed.length
      const isGranted = ({ operation }: { operation: OperationId }) =>
        access.mode === 'full' || access.operations.includes(operation)
      expect(allowed.filter((one) => !isGranted(one))).toEqual([])
      const refused = await store.usage.refusedCallsOf(appId)
      const lacking = refused.filter(({ reason }) => reason === 'notGranted')
      expect(lacking.filter(isGranted)).toEqual([])
      const addresses = await store.usage.addressesOf(appId, 99)
      const sum = (counts: number[]) => counts.reduce((total, count) => total + count, 0)
      const fromAddresses = sum(addresses.map((one) => one.calls))
      expect(fromAddresses).toBe(sum(operations.map((one) => one.allowed)))
      const days = calls.map(({ start }) => start.slice(0, 10))
      expect(days.filter((day) => day < (createdAt ?? start).slice(0, 10))).toEqual([])
      expect(calls.filter(({ start }) => start > now.toISOString())).toEqual([])
      expect(operations.every(({ lastUsedAt }) => (lastUsedAt ?? '') <= (lastUse?.at ?? ''))).toBe(
        true,
      )
      expect((lastUse?.at ?? '') <= now.toISOString()).toBe(true)
    }
    expect(used).toBeGreaterThan(20)
  })

  test('goes back ninety days, in hours and aged days, with the same sums every time', async () => {
    const [one, same] = [await filled('default'), await filled('default')]
    const of = async (store: Store) => {
      const keys = await keysOf(store)
      return Promise.all(
        keys.map(({ appId }) => store.usage.callsOf(appId, '2026-08-01T00:00:00.000Z')),
      )
    }
    const calls = await of(one)
    expect(await of(same)).toEqual(calls)
    const starts = calls
      .flat()
      .map(({ start }) => start)
      .toSorted()
    expect(starts[0]).toBe('2026-08-26T00:00:00.000Z')
    expect(starts.at(-1)).toBe('2026-11-23T11:00:00.000Z')
  })

  test('shows when a key was called last, though that was before what is recorded', async () => {
    const keys = await keysOf(await filled('default'))
    const old = keys.find(({ createdAt }) => createdAt?.startsWith('2025-10'))
    expect(old?.lastUse).toEqual({
      at: '2026-08-18T02:24:00.000Z',
      operation: 'GET /clients',
      address: null,
    })
  })

  test('shows when a secret from before a rotation was used last', async () => {
    const old = (await keysOf(await filled('default'))).flatMap(({ oldSecret }) => oldSecret ?? [])
    expect(old.map(({ lastUsedAt }) => lastUsedAt)).toEqual(['2026-11-23T11:54:57.600Z'])
  })

  test('is refused as disabled only since it was', async () => {
    const store = await filled('default')
    const entries = await history(store)
    let disabledKeys = 0
    for (const { id } of await store.deployments.list()) {
      for (const { appId, reason, firstAt } of await store.usage.refusedCredentialsOf(id)) {
        if (reason !== 'disabled') continue
        disabledKeys += 1
        const disabled = entries.find(
          ({ action, subject }) => action === 'apiKey.update' && subject.id === appId,
        )
        expect(firstAt > (disabled?.at ?? '')).toBe(true)
      }
    }
    expect(disabledKeys).toBe(2)
  })

  test('has something of all that asks for attention', async () => {
    const store = await filled('default')
    const counts = await store.apiKeys.countByCondition('plant-telemetry', now)
    expect(Object.entries(counts).filter(([, count]) => count === 0)).toEqual([['legacy', 0]])
    expect((await store.apiKeys.countByCondition('ferry-signals', now)).legacy).toBe(3)
    const reasons = (await store.usage.refusedCredentialsOf('plant-telemetry')).map(
      ({ reason }) => reason,
    )
    expect(reasons.toSorted()).toEqual(['disabled', 'unknown', 'wrongSecret'])
    const kinds = (await keysOf(store)).map(({ lastUse, useRecordedSince }) =>
      lastUse ? 'used' : useRecordedSince === null ? 'notRecorded' : 'never',
    )
    expect(new Set(kinds)).toEqual(new Set(['used', 'never', 'notRecorded']))
  })
})

describe('The history of the demo', () => {
  test('fills more than a page of Activity, and nothing of it is still to come', async () => {
    const entries = await history(await filled('default'))
    expect(entries.length).toBeGreaterThan(100)
    expect(entries.filter(({ at }) => at > now.toISOString())).toEqual([])
    expect(new Set(entries.map(({ action }) => action)).size).toBeGreaterThan(9)
  })

  test('fits to what there is: every key, user, token and deployment was made in it', async () => {
    const store = await filled('default')
    const entries = await history(store)
    const made = (kind: string) => {
      const of = (verb: string) => entries.filter(({ action }) => action === `${kind}.${verb}`)
      const gone = new Set(of('delete').map(({ subject }) => subject.id))
      return of('create').flatMap(({ subject }) => (gone.has(subject.id) ? [] : [subject.id]))
    }
    const keys = await keysOf(store)
    const appIds = keys.filter(({ legacy }) => !legacy).map(({ appId }) => appId)
    expect(sorted(made('apiKey'))).toEqual(sorted(appIds))
    const idsOf = (things: readonly { id: string }[]) => sorted(things.map(({ id }) => id))
    expect(sorted(made('user'))).toEqual(idsOf(await store.users.list()))
    expect(sorted(made('token'))).toEqual(idsOf(await store.tokens.list()))
    expect(sorted(made('deployment'))).toEqual(idsOf(await store.deployments.list()))
  })

  test('lets nobody do what their role may not, nor be there before they came', async () => {
    const store = await filled('default')
    const actors = new Map(
      [...(await store.users.list()), ...(await store.tokens.list())].map((one) => [one.id, one]),
    )
    const entries = (await history(store)).filter(
      ({ actor }) => actor.kind !== 'latchkey' && actor.kind !== 'nobody',
    )
    const wrong = entries.filter(({ action, at, actor }) => {
      const known = actors.get(actor.id ?? '')
      if (!known || at < known.createdAt) return true
      if (action === 'request.refuse') return known.role !== 'viewer'
      const isManaged = /^(?:apiKey|deployment|user|token)\.(?:create|delete)$/.test(action)
      return isManaged && known.role !== 'administrator'
    })
    expect(entries.length).toBeGreaterThan(100)
    expect(wrong).toEqual([])
  })

  test('ends with the sign-in that each user shows as the last', async () => {
    const store = await filled('default')
    const entries = await history(store)
    for (const user of await store.users.list()) {
      const last = entries.find(
        ({ action, actor }) => action === 'session.signIn' && actor.id === user.id,
      )
      expect(last?.at).toBe(user.lastSignInAt)
    }
  })

  test('is the same for the same seed', async () => {
    const [one, same] = [await filled('default'), await filled('default')]
    expect((await history(one)).map(withoutId)).toEqual((await history(same)).map(withoutId))
    expect(await one.users.list()).toEqual(await same.users.list())
    expect(await one.tokens.list()).toEqual(await same.tokens.list())
  })

  test('is none in the empty scenario, which has no users and tokens either', async () => {
    const store = await filled('empty')
    expect(await history(store)).toEqual([])
    expect([await store.users.list(), await store.tokens.list()]).toEqual([[], []])
  })
})
