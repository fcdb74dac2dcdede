import assert from 'node:assert/strict'
import { withToken } from './accounts.ts'
import {
  badFields,
  call,
  callDeployment,
  findDeployment,
  eventually,
  type ContractCase,
} from './host.ts'
import { list, newKey } from './new-key.ts'

/** What the management API promises of disabled and expired keys, and of who may change what. */
export const keyStateCases: ContractCase[] = [
  {
    name: 'a key is disabled and enabled with effect on the next call, like one that never was',
    async run(host) {
      const deployment = await findDeployment(host, 'dedicatedFlex')
      const key = await newKey(host, deployment, { note: 'Paused', access: list('GET /clients') })
      assert.deepEqual([(await key.shown()).status, await key.calls()], ['active', 200])
      assert.equal((await key.change({ disabled: true })).status, 200)
      const { status, note, access } = await key.shown()
      assert.deepEqual([status, note, access], ['disabled', 'Paused', list('GET /clients')])
      const refused = await callDeployment(host, deployment, 'GET /clients', key.created)
      const unknown = await callDeployment(host, deployment, 'GET /clients', {
        ...key.created,
        apiKey: { ...key.created.apiKey, appId: 'k00000000000' },
      })
      assert.deepEqual([refused.status, refused.text], [401, unknown.text])
      assert.equal((await key.change({ disabled: false })).status, 200)
      assert.deepEqual([(await key.shown()).status, await key.calls()], ['active', 200])
      await key.remove()
    },
  },
  {
    name: 'what changes nothing is no change',
    async run(host) {
      const deployment = await findDeployment(host, 'dedicatedFlex')
      const key = await newKey(host, deployment, { note: 'Same', access: list('GET /clients') })
      const same = { note: 'Same', access: list('GET /clients'), disabled: false, expiresAt: null }
      const answer = await key.change(same)
      assert.deepEqual([answer.status, answer.headers['etag']], [200, '"1"'])
      const stale = { 'if-match': '"2"' }
      assert.equal((await key.change(same, stale)).status, 412)
      await key.remove()
    },
  },
  {
    name: 'a key works until it expires, and again when its expiry is put off',
    async run(host) {
      const deployment = await findDeployment(host, 'dedicatedFlex')
      const later = '2999-12-31T00:00:00.000Z'
      const key = await newKey(host, deployment, { access: list('GET /clients'), expiresAt: later })
      assert.deepEqual([(await key.shown()).expiresAt, await key.calls()], [later, 200])
      const soon = new Date(Date.now() + 1500).toISOString()
      assert.equal((await key.change({ expiresAt: soon })).status, 200)
      await eventually(async () => (await key.shown()).status === 'expired')
      assert.equal(await key.calls(), 401)
      assert.equal((await key.change({ expiresAt: null })).status, 200)
      assert.deepEqual([(await key.shown()).status, await key.calls()], ['active', 200])
      await key.remove()
    },
  },
  {
    name: 'a key is neither made nor left with an expiry that has passed',
    async run(host) {
      const deployment = await findDeployment(host, 'dedicatedFlex')
      const expiresAt = '2020-01-01T00:00:00.000Z'
      const access = list('GET /clients')
      const params = { deploymentId: deployment.id }
      const made = await call(host, 'createApiKey', { params, json: { access, expiresAt } })
      assert.deepEqual([made.status, badFields(made)], [422, ['expiresAt']])
      const key = await newKey(host, deployment, { access })
      const changed = await key.change({ expiresAt })
      assert.deepEqual([changed.status, badFields(changed)], [422, ['expiresAt']])
      assert.equal((await key.shown()).status, 'active')
      await key.remove()
    },
  },
  {
    name: 'an operator edits the note and pauses a key, and changes nothing else of it',
    async run(host) {
      const deployment = await findDeployment(host, 'dedicatedFlex')
      const key = await newKey(host, deployment, { note: 'Mine', access: list('GET /clients') })
      await withToken(host, 'operator', async (operator) => {
        assert.equal((await key.change({ note: 'Ours' }, operator)).status, 200)
        assert.equal((await key.change({ disabled: true }, operator)).status, 200)
        const before = await key.shown()
        for (const json of [
          { access: { mode: 'full' } },
          { expiresAt: null },
          { note: 'Theirs', access: list('GET /clients') },
          { disabled: false, expiresAt: '2999-12-31T00:00:00.000Z' },
        ]) {
          assert.equal((await key.change(json, operator)).status, 403, JSON.stringify(json))
        }
        assert.deepEqual(await key.shown(), before)
      })
      await withToken(host, 'viewer', async (viewer) => {
        for (const json of [{ note: 'x' }, { disabled: false }, {}]) {
          assert.equal((await key.change(json, viewer)).status, 403, JSON.stringify(json))
        }
      })
      await key.remove()
    },
  },
]
