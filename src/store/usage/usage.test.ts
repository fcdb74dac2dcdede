import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { engines } from '../../../test/harness/engines.ts'
import {
  ago,
  apiKey,
  hourOf,
  newStore,
  none,
  NOW,
  used,
} from '../../../test/harness/store-fixtures.ts'
import type { UsageBatch } from './usage-batch.ts'

const refused = (at: string, calls = 1, lastAddress: string | null = '192.0.2.1') => ({
  calls,
  firstAt: at,
  lastAt: at,
  lastAddress,
})

describe.each(engines)('On $name,', (engine) => {
  describe('What was counted', () => {
    test('adds up to what was added, in whichever batches it came', async () => {
      const count = fc.record({
        appId: fc.constantFrom('k1', 'k2'),
        operation: fc.constantFrom('GET /clients', 'POST /publish', ''),
        outcome: fc.constantFrom('allowed' as const, 'refused' as const, 'failed' as const),
        hour: fc.constantFrom(0, 1, 5, 30, 300).map((hours) => hourOf(ago(hours / 24))),
        calls: fc.integer({ min: 1, max: 1000 }),
      })
      const batch = fc.uniqueArray(count, {
        selector: ({ appId, operation, outcome, hour }) => [appId, operation, outcome, hour].join(),
      })
      await fc.assert(
        fc.asyncProperty(fc.array(batch, { maxLength: 5 }), fc.boolean(), async (batches, aged) => {
          const store = await newStore(engine, apiKey('k1'), apiKey('k2'))
          for (const rows of batches) {
            const calls = rows.map((row) => ({ ...row, lastAt: row.hour, lastAddress: null }))
            await store.usage.add({ ...none, calls })
            if (aged) await store.usage.age(NOW)
          }
          const all = batches.flat()
          const sum = (rows: readonly { calls: number }[]) =>
            rows.reduce((total, { calls }) => total + calls, 0)
          for (const appId of ['k1', 'k2']) {
            const own = all.filter((row) => row.appId === appId)
            const told = await store.usage.callsOf(appId, ago(90))
            const byOperation = await store.usage.operationsOf(appId, ago(90))
            for (const outcome of ['allowed', 'refused', 'failed'] as const) {
              const of = own.filter((row) => row.outcome === outcome)
              expect(sum(told.filter((row) => row.outcome === outcome))).toBe(sum(of))
              const publish = byOperation.find(({ operation }) => operation === 'POST /publish')
              const published = of.filter(({ operation }) => operation === 'POST /publish')
              expect(publish?.[outcome] ?? 0).toBe(sum(published))
            }
            expect(byOperation.every(({ operation }) => operation.length > 0)).toBe(true)
          }
        }),
        { numRuns: 30 },
      )
    })

    test('of keys and deployments that are gone is left out, and nothing else', async () => {
      const store = await newStore(engine, apiKey('k1'))
      await store.usage.add({
        calls: [used('k1', ago(0)), used('gone', ago(0))],
        oldSecretUses: [{ appId: 'gone', secretHash: '01'.repeat(32), at: ago(0) }],
        addresses: [
          { appId: 'gone', address: '192.0.2.1', calls: 1, lastAt: ago(0) },
          { appId: 'k1', address: '192.0.2.1', calls: 1, lastAt: ago(0) },
        ],
        refusedCalls: [
          { appId: 'gone', operation: 'GET /rules', reason: 'notGranted', ...refused(ago(0)) },
          { appId: 'k1', operation: 'GET /rules', reason: 'notGranted', ...refused(ago(0)) },
        ],
        refusedCredentials: [
          { deploymentId: 'gone', appId: 'k1', reason: 'unknown', ...refused(ago(0)) },
          { deploymentId: 'line-3', appId: 'gone', reason: 'unknown', ...refused(ago(0)) },
        ],
      })
      expect(await store.usage.callsOf('k1', ago(1))).toHaveLength(1)
      expect(await store.usage.addressesOf('k1', 9)).toHaveLength(1)
      expect(await store.usage.refusedCallsOf('k1')).toHaveLength(1)
      expect(await store.usage.refusedCredentialsOf('line-3')).toHaveLength(1)
      expect((await store.apiKeys.get('line-3', 'k1'))?.lastUse?.at).toBe(ago(0))
      await store.apiKeys.remove('line-3', 'k1', undefined)
      expect(await store.usage.callsOf('k1', ago(1))).toEqual([])
    })

    test('is all of a batch or none of it', async () => {
      const store = await newStore(engine, apiKey('k1'))
      const twice = { ...none, calls: [used('k1', ago(0))] }
      await store.usage.add(twice)
      const bad = {
        ...none,
        ...twice,
        addresses: [{ appId: 'k1', address: 'x', calls: 1, lastAt: '' }],
      }
      const { schema } = store.database
      await schema.alterTable('usage_addresses').renameTo('gone').execute()
      await expect(store.usage.add(bad)).rejects.toThrow('usage_addresses')
      expect((await store.usage.callsOf('k1', ago(1)))[0]?.calls).toBe(1)
      await schema.alterTable('gone').renameTo('usage_addresses').execute()
    })

    test('goes from hours to days after seven of them, and goes after ninety', async () => {
      const store = await newStore(engine, apiKey('k1'))
      const at = (day: string, hour: number) =>
        `2026-${day}T${String(hour).padStart(2, '0')}:10:00.000Z`
      const calls = [
        ...[0, 23].map((hour) => used('k1', at('11-16', hour), 'GET /clients', 1)),
        ...[0, 5, 23].map((hour) => used('k1', at('11-15', hour), 'GET /clients', 10)),
        used('k1', at('08-25', 1), 'GET /clients', 100),
        used('k1', at('08-24', 23), 'GET /clients', 1000),
      ]
      await store.usage.add({ ...none, calls })
      for (let times = 0; times < 2; times += 1) {
        await store.usage.age(NOW)
        const told = await store.usage.callsOf('k1', '2026-01-01T00:00:00.000Z')
        expect(told.map(({ start, calls }) => `${start.slice(5, 13)} ${calls}`).toSorted()).toEqual(
          ['08-25T00 100', '11-15T00 30', '11-16T00 1', '11-16T23 1'],
        )
      }
      await store.usage.add({ ...none, calls: [used('k1', at('11-15', 7), 'GET /clients', 5)] })
      await store.usage.age(NOW)
      const told = await store.usage.callsOf('k1', '2026-11-15T00:00:00.000Z')
      expect(told.find(({ start }) => start.startsWith('2026-11-15'))?.calls).toBe(35)
    })
  })

  describe('The last use', () => {
    test('is the latest whatever comes late, and no change of the key', async () => {
      const store = await newStore(
        engine,
        apiKey('k1'),
        apiKey('k2', { legacy: true, createdAt: null }),
      )
      const add = (...calls: UsageBatch['calls']) => store.usage.add({ ...none, calls })
      await add(used('k1', ago(2), 'GET /nodes'), used('k1', ago(1)))
      const failed = { ...used('k1', ago(0), 'GET /rules'), outcome: 'failed' as const }
      await add({ ...used('k1', ago(3)), lastAddress: null }, used('k2', ago(4)), failed)
      expect(await store.apiKeys.get('line-3', 'k1')).toMatchObject({
        lastUse: { at: ago(1), operation: 'GET /clients', address: '192.0.2.1' },
        oldSecret: null,
        version: 1,
      })
      expect((await store.apiKeys.get('line-3', 'k2'))?.useRecordedSince).toBe(ago(4))
    })

    test('of an old secret counts for the one there is now', async () => {
      const store = await newStore(engine, apiKey('k1'))
      const target = { deploymentId: 'line-3', appId: 'k1', version: 1 }
      const secretHash = new Uint8Array(32).fill(2)
      await store.apiKeys.rotate(target, { secretHash, oldSecretEndsAt: ago(-1) })
      const usesOf = (byte: string, ...daysAgo: number[]) =>
        daysAgo.map((days) => ({ appId: 'k1', secretHash: byte.repeat(32), at: ago(days) }))
      const oldSecretUses = usesOf('01', 0.2, 0.3)
      await store.usage.add({ ...none, oldSecretUses })
      await store.usage.add({ ...none, oldSecretUses: oldSecretUses.slice(1) })
      expect(await store.apiKeys.get('line-3', 'k1')).toMatchObject({
        version: 2,
        oldSecret: { endsAt: ago(-1), lastUsedAt: ago(0.2) },
      })
      const shown = { appId: 'k1', secretHash: '', deploymentId: null, time: NOW.getTime() }
      expect(await store.apiKeys.findForCall(shown)).toMatchObject({
        secretHash: '02'.repeat(32),
        oldSecret: { hash: '01'.repeat(32), endsAt: Date.parse(ago(-1)) },
      })
      await store.apiKeys.rotate(
        { ...target, version: 2 },
        { secretHash: new Uint8Array(32).fill(3), oldSecretEndsAt: ago(-2) },
      )
      const lastUsedAt = async () =>
        (await store.apiKeys.get('line-3', 'k1'))?.oldSecret?.lastUsedAt
      await store.usage.add({ ...none, oldSecretUses: usesOf('01', 0) })
      expect(await lastUsedAt()).toBeNull()
      await store.usage.add({ ...none, oldSecretUses: [...usesOf('01', 0), ...usesOf('02', 0.1)] })
      expect(await lastUsedAt()).toBe(ago(0.1))
      await store.apiKeys.endOldSecret({ ...target, version: 3 })
      await store.usage.add({ ...none, oldSecretUses: usesOf('02', 0) })
      expect(await store.apiKeys.findForCall(shown)).toMatchObject({ oldSecret: { endsAt: 0 } })
      expect((await store.apiKeys.endOldSecret({ ...target, version: 3 })).outcome).toBe('stale')
    })
  })

  describe('What anybody can make up', () => {
    test('of credentials is bounded for each deployment; the oldest make room', async () => {
      const store = await newStore(engine)
      for (let at = 0; at < 3; at += 1) {
        const refusedCredentials = Array.from({ length: 150 }, (_, index) => ({
          deploymentId: 'line-3',
          appId: `k${at}-${index}`,
          reason: 'unknown' as const,
          ...refused(ago(10 - at - index / 1000)),
        }))
        await store.usage.add({ ...none, refusedCredentials })
      }
      const kept = await store.usage.refusedCredentialsOf('line-3')
      expect(kept).toHaveLength(200)
      expect(kept[0]?.appId).toBe('k2-149')
      expect(kept.at(-1)?.appId).toBe('k1-100')
    })

    test('of addresses is bounded for each key', async () => {
      const store = await newStore(engine, apiKey('k1'), apiKey('k2'))
      const addresses = Array.from({ length: 150 }, (_, index) => ({
        appId: 'k1',
        address: `2001:db8::${index}`,
        calls: 1,
        lastAt: ago(1 - index / 1000),
      }))
      const other = { appId: 'k2', address: '192.0.2.1', calls: 1, lastAt: ago(50) }
      await store.usage.add({ ...none, addresses: [...addresses, other] })
      await store.usage.add({ ...none, addresses: [{ ...other, calls: 2 }] })
      const kept = await store.usage.addressesOf('k1', 1000)
      expect([kept.length, kept[0]?.address]).toEqual([100, '2001:db8::149'])
      expect(await store.usage.addressesOf('k2', 9)).toEqual([
        { address: '192.0.2.1', calls: 3, lastAt: ago(50) },
      ])
    })

    test('is summed up with the first and last time, and the last address', async () => {
      const store = await newStore(engine, apiKey('k1'))
      const row = { appId: 'k1', operation: 'GET /rules', reason: 'notGranted' as const }
      await store.usage.add({ ...none, refusedCalls: [{ ...row, ...refused(ago(2), 3, 'b') }] })
      await store.usage.add({ ...none, refusedCalls: [{ ...row, ...refused(ago(3), 1, 'a') }] })
      await store.usage.add({ ...none, refusedCalls: [{ ...row, ...refused(ago(1), 1, null) }] })
      const { appId: _, ...shown } = row
      expect(await store.usage.refusedCallsOf('k1')).toEqual([
        { ...shown, calls: 5, firstAt: ago(3), lastAt: ago(1), lastAddress: null },
      ])
      await store.usage.age(new Date(NOW.getTime() + 91 * 86_400_000))
      expect(await store.usage.refusedCallsOf('k1')).toEqual([])
    })
  })
})
