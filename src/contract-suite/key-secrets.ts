import assert from 'node:assert/strict'
import { sessionSchema } from '../contract/accounts/schemas.ts'
import { activityPageSchema } from '../contract/activity/schemas.ts'
import { basicAuthorization } from '../contract/keys/credentials.ts'
import { apiKeySchema, selfSchema } from '../contract/keys/schemas.ts'
import { withToken } from './accounts.ts'
import {
  badFields,
  call,
  findDeployment,
  eventually,
  type ContractCase,
  type Host,
} from './host.ts'
import { list, newKey } from './new-key.ts'

async function self(host: Host, appId: string, appSecret: string) {
  return call(host, 'getSelf', { headers: { authorization: basicAuthorization(appId, appSecret) } })
}

/** What the management API promises of secrets that change, and of where a key works. */
export const keySecretCases: ContractCase[] = [
  ...[0, 3600, 86_400, 604_800].map((grace): ContractCase => ({
    name: `a key is rotated, its old secret good for ${grace} seconds more`,
    async run(host) {
      const deployment = await findDeployment(host, 'dedicatedFlex')
      const key = await newKey(host, deployment, { note: 'Turn', access: list('GET /clients') })
      const { apiKey, appSecret } = await key.rotate(grace)
      assert.notEqual(appSecret, key.created.appSecret)
      assert.deepEqual([apiKey.appId, apiKey.note, apiKey.version], [key.params.appId, 'Turn', 2])
      assert.equal(await key.calls('GET /clients', appSecret), 200)
      assert.equal(await key.calls(), grace === 0 ? 401 : 200)
      await host.settle()
      const { oldSecret } = await key.shown()
      if (grace === 0) {
        assert.equal(oldSecret, null)
      } else {
        // By the host's own clock, which need not be this machine's.
        const made = Date.parse(key.created.apiKey.createdAt ?? '')
        const span = Date.parse(oldSecret?.endsAt ?? '') - made
        assert.ok(span >= grace * 1000 && span < grace * 1000 + 600_000, `${span} ms`)
        assert.notEqual(oldSecret?.lastUsedAt, null)
      }
      await key.remove()
      assert.equal(await key.calls('GET /clients', appSecret), 401)
    },
  })),
  {
    name: 'an old secret ends now, ends by the next rotation, and never outlives its key',
    async run(host) {
      const deployment = await findDeployment(host, 'serverless')
      const key = await newKey(host, deployment, {})
      const second = await key.rotate(86_400)
      const third = await key.rotate(3600)
      assert.deepEqual(
        [
          await key.calls(),
          await key.calls('GET /clients', second.appSecret),
          await key.calls('GET /clients', third.appSecret),
        ],
        [401, 200, 200],
      )
      const ended = await key.endOldSecret()
      assert.equal(ended.status, 200, ended.text)
      const { oldSecret, version } = apiKeySchema.parse(JSON.parse(ended.text))
      assert.deepEqual([oldSecret, version], [null, 4])
      assert.equal(await key.calls('GET /clients', second.appSecret), 401)
      assert.equal(await key.calls('GET /clients', third.appSecret), 200)
      assert.equal((await key.endOldSecret()).headers['etag'], '"4"')
      const soon = new Date(Date.now() + 2000).toISOString()
      assert.equal((await key.change({ expiresAt: soon })).status, 200)
      const last = await key.rotate(604_800)
      assert.equal(last.apiKey.oldSecret?.endsAt, soon)
      await eventually(async () => (await key.shown()).status === 'expired')
      assert.equal((await key.shown()).oldSecret, null)
      assert.equal(await key.calls('GET /clients', third.appSecret), 401)
      assert.equal((await key.change({ expiresAt: null })).status, 200)
      assert.equal(await key.calls('GET /clients', third.appSecret), 401)
      assert.equal(await key.calls('GET /clients', last.appSecret), 200)
      await host.settle()
      await key.remove()
    },
  },
  {
    name: 'a rotation needs the version it is based on, is for operators, and is recorded',
    async run(host) {
      const deployment = await findDeployment(host, 'dedicated')
      const key = await newKey(host, deployment, { note: 'Told', access: list('GET /clients') })
      const { params } = key
      const json = { keepOldSecretFor: 3600 }
      const rotate = (headers: Record<string, string>, sent: unknown = json) =>
        call(host, 'rotateApiKey', { params, json: sent, headers })
      assert.equal((await rotate({})).status, 428)
      assert.equal((await rotate({ 'if-match': '"2"' })).status, 412)
      const odd = await rotate({ 'if-match': '"1"' }, { keepOldSecretFor: 60 })
      assert.deepEqual([odd.status, badFields(odd)], [422, ['keepOldSecretFor']])
      assert.equal(await key.calls(), 200)
      await withToken(host, 'operator', async (headers) => {
        const rotated = await rotate({ 'if-match': '"1"', ...headers })
        assert.deepEqual([rotated.status, rotated.headers['etag']], [200, '"2"'])
        assert.equal((await key.endOldSecret(headers)).status, 200)
      })
      const query = `?deploymentId=${deployment.id}&appId=${params.appId}&limit=2`
      const { text } = await call(host, 'listActivity', { query })
      const { items } = activityPageSchema.parse(JSON.parse(text))
      const [ended, rotated] = items
      assert.deepEqual([ended?.action, rotated?.action], ['apiKey.endOldSecret', 'apiKey.rotate'])
      assert.deepEqual(
        [ended, rotated].map((entry) =>
          entry?.changes.map(({ field, before, after }) => [
            field,
            before !== null,
            after !== null,
          ]),
        ),
        [
          [['oldSecretEndsAt', true, false]],
          [
            ['oldSecretEndsAt', false, true],
            ['secret', false, true],
          ],
        ],
      )
      assert.equal(rotated?.actor.name, 'operator token')
      await host.settle()
      await key.remove()
    },
  },
  {
    name: 'a key is told what it is and nothing else, and nobody else is',
    async run(host) {
      const deployment = await findDeployment(host, 'byoc')
      const expiresAt = '2999-12-31T00:00:00.000Z'
      const access = list('GET /clients')
      const key = await newKey(host, deployment, { note: 'Mine', access, expiresAt })
      const { appId } = key.params
      const told = await self(host, appId, key.created.appSecret)
      assert.equal(told.status, 200, told.text)
      assert.deepEqual(selfSchema.parse(JSON.parse(told.text)), {
        appId,
        access,
        expiresAt,
        status: 'active',
      })
      const rotated = await key.rotate(3600)
      assert.equal((await self(host, appId, key.created.appSecret)).status, 200)
      await key.change({ disabled: true })
      const refused = [
        await self(host, appId, rotated.appSecret),
        await self(host, appId, 'lks_0000000000000000000000000000000000000000'),
        await self(host, 'k00000000000', rotated.appSecret),
        await call(host, 'getSelf', { headers: { authorization: 'Bearer none' } }),
        await call(host, 'getSelf', { headers: { authorization: 'Basic' } }),
      ]
      for (const { status, headers, text } of refused) {
        assert.deepEqual([status, text], [401, refused[0]?.text])
        assert.match(headers['www-authenticate'] ?? '', /^Basic realm=/)
      }
      await key.change({ disabled: false, allowedAddresses: ['192.0.2.0/24'] })
      assert.equal((await self(host, appId, rotated.appSecret)).status, 403)
      await host.settle()
      assert.deepEqual((await key.shown()).lastUse, { kind: 'never' })
      await key.remove()
    },
  },
  {
    name: 'a key works from its allowed addresses alone, on the very next call',
    async run(host) {
      const deployment = await findDeployment(host, 'dedicated')
      const key = await newKey(host, deployment, { access: list('GET /clients') })
      const { address } = sessionSchema.parse(JSON.parse((await call(host, 'getSession')).text))
      assert.ok(address, 'the host knows no address')
      const elsewhere = ['198.51.100.0/24', '2001:db8::/32']
      assert.equal((await key.change({ allowedAddresses: elsewhere })).status, 200)
      assert.deepEqual((await key.shown()).allowedAddresses, elsewhere)
      assert.deepEqual([await key.calls(), await key.calls('GET /rules')], [403, 403])
      const here = [...elsewhere, address]
      assert.equal((await key.change({ allowedAddresses: here })).status, 200)
      assert.equal(await key.calls(), 200)
      assert.equal((await key.change({ allowedAddresses: [] })).status, 200)
      assert.equal(await key.calls(), 200)
      const withHostBits = ['192.168.1.67/24', '::ffff:10.0.0.0/104']
      assert.equal((await key.change({ allowedAddresses: withHostBits })).status, 200)
      const networks = ['192.168.1.0/24', '10.0.0.0/8']
      assert.deepEqual((await key.shown()).allowedAddresses, networks)
      await host.settle()
      const { text } = await call(host, 'listRefusedCalls', { params: key.params })
      assert.deepEqual(
        [...text.matchAll(/"reason":"(\w+)"/g)].map(([, reason]) => reason),
        ['address', 'address'],
      )
      for (const [bad, field] of [
        [['10.0.0.0/33'], 'allowedAddresses.0'],
        [['10.0.0.0/08'], 'allowedAddresses.0'],
        [['::1', '::/001'], 'allowedAddresses.1'],
        [['here'], 'allowedAddresses.0'],
        [['10.0.0.1', '10.0.0.1'], 'allowedAddresses'],
        [['10.0.0.1/8', '10.0.0.2/8'], 'allowedAddresses'],
        ['10.0.0.1', 'allowedAddresses'],
      ] as const) {
        const answer = await key.change({ allowedAddresses: bad })
        assert.deepEqual([answer.status, badFields(answer)], [422, [field]], String(bad))
      }
      await withToken(host, 'operator', async (operator) => {
        assert.equal((await key.change({ allowedAddresses: [] }, operator)).status, 403)
      })
      await key.remove()
    },
  },
]
