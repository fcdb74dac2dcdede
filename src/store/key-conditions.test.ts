import { describe, expect, test } from 'vitest'
import { keyConditions } from '../contract/key-conditions.ts'
import { engines } from './testing/engines.ts'
import { ago, apiKey, lastUse, newStore, none, NOW, used } from './testing/use.ts'

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
        used('long-ago', ago(91)),
        used('long-ago', ago(91), 'GET /clients/{clientid}'),
      ],
      lastUses: [lastUse('always', ago(1)), lastUse('half', ago(40)), lastUse('long-ago', ago(91))],
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
    const lastUses = ['half', 'expired'].map((appId) => lastUse(appId, ago(39), true))
    await store.usage.add({ ...none, lastUses })
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
      unused30: ['half', 'long-ago', 'never'],
      unused90: ['long-ago'],
      oldSecretInUse: ['half'],
      legacy: ['legacy'],
      unusedPermissions: ['expired', 'half', 'long-ago', 'never', 'paused'],
    })
    const counts = await store.apiKeys.countByCondition('line-3', NOW)
    expect(counts).toEqual(
      Object.fromEntries(Object.entries(found).map(([is, keys]) => [is, keys.length])),
    )
    const empty = await store.apiKeys.countByCondition('nowhere', NOW)
    expect(Object.values(empty).every((count) => count === 0)).toBe(true)
  })
})
