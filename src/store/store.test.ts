import { describe, expect, test } from 'vitest'
import { engines, encryptionKey } from '../../test/harness/engines.ts'
import { toHex } from '../contract/bytes.ts'
import { Secret } from '../contract/secret.ts'
import type { NewDeployment } from './deployments.ts'
import { createSecretCipher } from './encryption.ts'
import type { NewApiKey } from './keys/api-key-records.ts'

const deployment: NewDeployment = {
  id: 'line-3',
  name: 'Line 3',
  plan: 'dedicated',
  version: 'v5',
  region: null,
  backend: { kind: 'embedded' },
  createdAt: '2026-11-23T12:00:00.000Z',
}
const apiKey = (appId: string): NewApiKey => ({
  appId,
  deploymentId: 'line-3',
  note: `Note of ${appId}`,
  access: { mode: 'list', operations: ['GET /clients'] },
  legacy: false,
  createdAt: '2026-11-23T12:00:00.000Z',
  secretHash: new Uint8Array(32).fill(1),
})
const shown = (appId: string) => ({
  appId,
  secretHash: '01'.repeat(32),
  deploymentId: 'line-3',
  time: Date.parse('2026-11-23T12:00:00.000Z'),
})

describe.each(engines)('On $name,', (engine) => {
  async function newStore() {
    const store = await engine.openEmpty()
    await store.deployments.create(deployment)
    return store
  }

  test('deployments come in the order in which people look for their names', async () => {
    const store = await newStore()
    for (const name of ['line 12', 'Ähre', 'bottling', 'Zoo', 'Line 2', 'Line 3']) {
      const id = `${name}-again`
      await store.deployments.create({ ...deployment, id, name })
    }
    const names = (await store.deployments.list()).map(({ id }) => id)
    expect(names).toEqual([
      'Ähre-again',
      'bottling-again',
      'Line 2-again',
      'Line 3-again',
      'line-3',
      'line 12-again',
      'Zoo-again',
    ])
  })

  describe('API keys', () => {
    test('an App ID that is taken adds nothing and changes nothing', async () => {
      const store = await newStore()
      expect(await store.apiKeys.create(apiKey('k1'))).toBe(true)
      expect(await store.apiKeys.create({ ...apiKey('k1'), note: 'Another' })).toBe(false)
      expect((await store.apiKeys.get('line-3', 'k1'))?.note).toBe('Note of k1')
    })

    test('many keys are added all or none', async () => {
      const store = await newStore()
      const many = Array.from({ length: 2500 }, (_, index) => apiKey(`k${index}`))
      await expect(store.apiKeys.createMany([...many, apiKey('k0')])).rejects.toThrow(/unique/i)
      expect(await store.apiKeys.count('line-3')).toBe(0)
      await store.apiKeys.createMany(many)
      expect(await store.apiKeys.count('line-3')).toBe(2500)
    })

    test('of two changes based on one version, one is done and one is stale', async () => {
      const store = await newStore()
      await store.apiKeys.create(apiKey('k1'))
      const target = { deploymentId: 'line-3', appId: 'k1', version: 1 }
      const outcomes = await Promise.all([
        store.apiKeys.update(target, { note: 'One' }),
        store.apiKeys.update(target, { note: 'Other' }),
      ])
      expect(outcomes.map(({ outcome }) => outcome).toSorted()).toEqual(['done', 'stale'])
    })

    test('a call finds a key with all that decides it, and none once it is removed', async () => {
      const store = await newStore()
      await store.apiKeys.create(apiKey('k1'))
      const found = await store.apiKeys.findForCall(shown('k1'))
      expect(found).toEqual({
        deploymentId: 'line-3',
        deploymentCreatedAt: '2026-11-23T12:00:00.000Z',
        plan: 'dedicated',
        version: 'v5',
        secretHash: '01'.repeat(32),
        disabled: false,
        expiresAt: Date.parse('9999-12-31T23:59:59.999Z'),
        oldSecret: { hash: '00'.repeat(32), endsAt: 0 },
        rights: {
          access: { mode: 'list', operations: { includes: expect.any(Function) } },
          allowedAddresses: { includes: expect.any(Function) },
        },
      })
      expect(await store.apiKeys.findForCall(shown('K1'))).toBeUndefined()
      await store.deployments.remove('line-3', undefined)
      expect(await store.apiKeys.findForCall(shown('k1'))).toBeUndefined()
    })

    test('what a key may do comes with good credentials alone', async () => {
      const store = await newStore()
      await store.deployments.create({ ...deployment, id: 'line-4' })
      const [past, future] = ['2026-11-23T12:00:00.000Z', '2026-11-23T12:00:00.001Z']
      const secrets = [1, 2, 3].map((byte) => new Uint8Array(32).fill(byte))
      const [old, current] = secrets
      if (!old || !current) throw new Error('there are three')
      const cases = ['line-3', 'line-4', null].flatMap((deploymentId) =>
        [false, true].flatMap((disabled) =>
          [null, past, future].flatMap((expiresAt) =>
            [null, past, future].flatMap((oldSecretEndsAt) =>
              secrets.map((secret) => ({
                deploymentId,
                disabled,
                expiresAt,
                oldSecretEndsAt,
                secret,
              })),
            ),
          ),
        ),
      )
      const given: boolean[] = []
      const due: boolean[] = []
      for (const [at, one] of cases.entries()) {
        const { deploymentId, disabled, expiresAt, oldSecretEndsAt, secret } = one
        const appId = `k${at}`
        await store.apiKeys.create({ ...apiKey(appId), disabled, expiresAt, secretHash: old })
        const target = { deploymentId: 'line-3', appId, version: 1 }
        await store.apiKeys.rotate(target, { secretHash: current, oldSecretEndsAt })
        const found = await store.apiKeys.findForCall({
          ...shown(appId),
          deploymentId,
          secretHash: toHex(secret),
        })
        given.push(found?.rights !== null)
        const isSecret = secret === current || (secret === old && oldSecretEndsAt === future)
        due.push(isSecret && deploymentId !== 'line-4' && !disabled && expiresAt !== past)
      }
      expect(given).toEqual(due)
      expect(given.filter(Boolean)).toHaveLength(16)
    })

    test('a call may what is listed, and nothing that only looks like it', async () => {
      const store = await newStore()
      const operations = ['GET /clients/{clientid}', 'POST /publish'] as const
      const addresses = ['192.0.2.0/24', '2001:db8::/32']
      const access = { mode: 'list' as const, operations }
      await store.apiKeys.create({ ...apiKey('k1'), access, allowedAddresses: addresses })
      await store.apiKeys.create({ ...apiKey('k2'), access: { mode: 'full' } })
      const rights = (await store.apiKeys.findForCall(shown('k1')))?.rights
      if (rights?.access.mode !== 'list') throw new Error('the key has a list')
      const list = rights.access.operations
      const asked = [...operations, 'GET /clients', 'POST /publish/bulk', 'GET /publish'] as const
      expect(asked.filter((one) => list.includes(one))).toEqual(operations)
      const from = ['192.0.2.7', '2001:db8::7', '192.0.3.7', '2001:db9::7']
      expect(from.filter((one) => rights.allowedAddresses.includes(one))).toEqual(from.slice(0, 2))
      const full = (await store.apiKeys.findForCall(shown('k2')))?.rights
      expect(full?.access).toEqual({ mode: 'full' })
      expect(full?.allowedAddresses.includes(null)).toBe(true)
    })

    test('a list that was damaged to null grants nothing: the call fails instead', async () => {
      const store = await engine.openEmpty()
      await store.deployments.create(deployment)
      await store.apiKeys.create(apiKey('k1'))
      await store.database.updateTable('api_keys').set({ operations: null }).execute()
      await expect(store.apiKeys.findForCall(shown('k1'))).rejects.toThrow('none stored')
    })
  })

  describe('Deployments', () => {
    test('a freed listener index is given to the next deployment', async () => {
      const store = await newStore()
      await store.deployments.create({ ...deployment, id: 'line-4' })
      await store.deployments.remove('line-3', undefined)
      await store.deployments.create({ ...deployment, id: 'line-5' })
      expect((await store.deployments.get('line-5'))?.listenerIndex).toBe(0)
    })

    test('the secret of an EMQX is sealed in the store and comes back in clear', async () => {
      const store = await engine.openEmpty()
      const backend = {
        kind: 'emqx' as const,
        url: 'http://127.0.0.1:18083',
        keyId: 'upstream',
        keySecret: new Secret('upstream-secret'),
      }
      await store.deployments.create({ ...deployment, backend })
      const rows = await store.database.selectFrom('deployments').selectAll().execute()
      expect(JSON.stringify(rows)).not.toContain('upstream-secret')
      const kept = (await store.deployments.get('line-3'))?.backend
      expect(kept).toEqual(backend)
      expect(kept?.kind === 'emqx' && kept.keySecret.reveal()).toBe('upstream-secret')
    })
  })

  test('a sealed value opens with its own key alone, and not once it was changed', async () => {
    const cipher = await createSecretCipher(encryptionKey)
    const sealed = await cipher.encrypt('secret')
    expect(await cipher.decrypt(sealed)).toBe('secret')
    expect(await cipher.encrypt('secret')).not.toBe(sealed)
    const other = await createSecretCipher(new Uint8Array(32).fill(8))
    await expect(other.decrypt(sealed)).rejects.toThrow('operation failed')
    const changed = sealed.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'))
    await expect(cipher.decrypt(changed)).rejects.toThrow('operation failed')
  })
})
