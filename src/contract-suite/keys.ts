import assert from 'node:assert/strict'
import type { Deployment } from '../contract/deployments/schemas.ts'
import { apiKeyPageSchema, apiKeySchema } from '../contract/keys/schemas.ts'
import {
  badFields,
  call,
  callDeployment,
  createKey,
  findDeployment,
  type ContractCase,
  type Host,
} from './host.ts'
import { list } from './new-key.ts'

async function countKeys(host: Host, deployment: Deployment): Promise<number> {
  return (await page(host, deployment, '')).total
}

async function page(host: Host, deployment: Deployment, query: string) {
  const params = { deploymentId: deployment.id }
  const answer = await call(host, 'listApiKeys', { params, query })
  assert.equal(answer.status, 200, answer.text)
  return apiKeyPageSchema.parse(JSON.parse(answer.text))
}

const configurable = [
  ['dedicated', 'v5', 'GET /clients', 'GET /subscriptions'],
  ['dedicatedFlex', 'v5', 'GET /clients', 'GET /subscriptions'],
  ['byoc', 'v5', 'GET /clients', 'GET /subscriptions'],
  ['dedicated', 'v4', 'GET /clients', 'GET /subscriptions'],
] as const

const lifeOfAKey = configurable.map(([plan, version, kept, dropped]): ContractCase => ({
  name: `a key on ${plan} ${version} is made, used, narrowed, refused, deleted, refused`,
  async run(host) {
    const deployment = await findDeployment(host, plan, version)
    const created = await createKey(host, deployment, {
      note: 'A life',
      access: list(kept, dropped),
    })
    const { appId } = created.apiKey
    const params = { deploymentId: deployment.id, appId }
    assert.equal((await callDeployment(host, deployment, kept, created)).status, 200)
    assert.equal((await callDeployment(host, deployment, dropped, created)).status, 200)

    const narrowed = await call(host, 'updateApiKey', {
      params,
      headers: { 'if-match': '"1"' },
      json: { access: list(kept) },
    })
    assert.equal(narrowed.status, 200, narrowed.text)
    assert.equal(apiKeySchema.parse(JSON.parse(narrowed.text)).note, 'A life')
    const refused = await callDeployment(host, deployment, dropped, created)
    assert.equal(refused.status, 403)
    const body: unknown = JSON.parse(refused.text)
    assert.ok(body && typeof body === 'object' && 'required' in body && 'appId' in body)
    assert.deepEqual([body.required, body.appId], [dropped, appId])
    assert.equal((await callDeployment(host, deployment, kept, created)).status, 200)

    assert.equal((await call(host, 'deleteApiKey', { params })).status, 204)
    const gone = await callDeployment(host, deployment, kept, created)
    assert.equal(gone.status, 401)
    assert.match(gone.headers['www-authenticate'] ?? '', /^Basic/)
    assert.equal((await call(host, 'getApiKey', { params })).status, 404)
  },
}))

const badBodies: [name: string, json: unknown, field: string][] = [
  ['an unknown field', { access: list('GET /clients'), role: 'admin' }, 'role'],
  ['an unknown field of access', { access: { mode: 'full', operations: [] } }, 'access.operations'],
  ['a note that is a number', { note: 7, access: list('GET /clients') }, 'note'],
  ['a note of 201 characters', { note: 'x'.repeat(201), access: list('GET /clients') }, 'note'],
  ['a note with a line break', { note: 'a\nb', access: list('GET /clients') }, 'note'],
  ['an unknown mode', { access: { mode: 'some' } }, 'access.mode'],
  ['no access', { note: 'No access' }, 'access'],
  ['null access', { access: null }, 'access'],
  ['an empty list', { access: list() }, 'access.operations'],
  ['a list that is no list', { access: { mode: 'list', operations: 'all' } }, 'access.operations'],
  ['a repeated operation', { access: list('GET /rules', 'GET /rules') }, 'access.operations'],
  ['an unknown operation', { access: list('GET /clients', 'GET /nope') }, 'access.operations.1'],
  ['something that is no operation', { access: list('clients') }, 'access.operations.0'],
  ["another plan's operation", { access: list('POST /mqtt/publish') }, 'access.operations.0'],
]

const refusedBodies = badBodies.map(([name, json, field]): ContractCase => ({
  name: `${name} is refused by name and nothing is stored`,
  async run(host) {
    const deployment = await findDeployment(host, 'dedicated')
    const before = await countKeys(host, deployment)
    const params = { deploymentId: deployment.id }
    const answer = await call(host, 'createApiKey', { params, json })
    assert.equal(answer.status, 422, answer.text)
    assert.ok(badFields(answer).includes(field), `${field} isn't in ${answer.text}`)
    assert.equal(await countKeys(host, deployment), before)
  },
}))

/** What the management API promises of API keys, and the gateway of calls with them. */
export const apiKeyCases: ContractCase[] = [
  ...lifeOfAKey,
  ...refusedBodies,
  {
    name: 'a Serverless key has full access and takes neither note nor permissions nor edits',
    async run(host) {
      const deployment = await findDeployment(host, 'serverless')
      const before = await countKeys(host, deployment)
      const params = { deploymentId: deployment.id }
      for (const json of [
        { note: 'x' },
        { access: { mode: 'full' } },
        { note: '', access: list() },
      ]) {
        const answer = await call(host, 'createApiKey', { params, json })
        assert.equal(answer.status, 422)
        assert.ok(
          answer.text.includes('Serverless') || badFields(answer).includes('access.operations'),
        )
      }
      assert.equal(await countKeys(host, deployment), before)
      const created = await createKey(host, deployment, {})
      assert.deepEqual(created.apiKey.access, { mode: 'full' })
      assert.equal((await callDeployment(host, deployment, 'GET /clients', created)).status, 200)
      const edit = (json: unknown) =>
        call(host, 'updateApiKey', {
          params: { ...params, appId: created.apiKey.appId },
          headers: { 'if-match': '"1"' },
          json,
        })
      assert.deepEqual(badFields(await edit({ note: 'x' })), ['note'])
      assert.deepEqual(badFields(await edit({ access: { mode: 'full' } })), ['access'])
      assert.equal((await edit({ disabled: true })).status, 200)
      await call(host, 'deleteApiKey', { params: { ...params, appId: created.apiKey.appId } })
      assert.equal((await callDeployment(host, deployment, 'GET /clients', created)).status, 401)
    },
  },
  {
    name: 'legacy keys of v4 have full access, a blank note and no creation time',
    async run(host) {
      const { items } = await page(host, await findDeployment(host, 'dedicated', 'v4'), '')
      const legacy = items.filter((apiKey) => apiKey.legacy)
      assert.ok(legacy.length > 0)
      for (const { note, access, createdAt } of legacy) {
        assert.deepEqual(
          { note, access, createdAt },
          {
            note: '',
            access: { mode: 'full' },
            createdAt: null,
          },
        )
      }
    },
  },
  {
    name: 'a body that is not JSON, has no JSON type or is too large is refused',
    async run(host) {
      const deployment = await findDeployment(host, 'dedicated')
      const path = `/api/v1/deployments/${deployment.id}/api-keys`
      const type = { 'content-type': 'application/json' }
      const before = await countKeys(host, deployment)
      const large = JSON.stringify({ note: 'x'.repeat(300 * 1024) })
      for (const [status, sent] of [
        [400, { headers: type, body: '{"note": "x"' }],
        [400, { headers: type, body: '' }],
        [422, { headers: type, body: '[]' }],
        [415, { headers: { 'content-type': 'text/plain' }, body: '{}' }],
        [413, { headers: type, body: large }],
      ] as const) {
        const answer = await host.send('POST', path, sent)
        assert.equal(answer.status, status, answer.text)
        assert.match(answer.headers['content-type'] ?? '', /^application\/problem\+json/)
      }
      assert.equal(await countKeys(host, deployment), before)
    },
  },
  {
    name: 'a change needs the version it is based on, and a stale one changes nothing',
    async run(host) {
      const deployment = await findDeployment(host, 'dedicated')
      const { apiKey } = await createKey(host, deployment, {
        note: 'First',
        access: list('GET /clients'),
      })
      const params = { deploymentId: deployment.id, appId: apiKey.appId }
      const change = (note: string, ifMatch?: string) =>
        call(host, 'updateApiKey', {
          params,
          json: { note },
          ...(ifMatch && { headers: { 'if-match': ifMatch } }),
        })
      assert.equal((await change('Unversioned')).status, 428)
      const done = await change('Second', '"1"')
      assert.deepEqual([done.status, done.headers['etag']], [200, '"2"'])
      for (const stale of ['"1"', '"3"', 'W/"2"', '2', '*', '"x"']) {
        assert.equal((await change('Stale', stale)).status, 412, stale)
      }
      const headers = { 'if-match': '"1"' }
      assert.equal((await call(host, 'deleteApiKey', { params, headers })).status, 412)
      const now = await call(host, 'getApiKey', { params })
      assert.deepEqual(
        [apiKeySchema.parse(JSON.parse(now.text)).note, now.headers['etag']],
        ['Second', '"2"'],
      )
      await call(host, 'deleteApiKey', { params })
    },
  },
  {
    name: 'paging by cursor gives every key once, in every order',
    async run(host) {
      const deployment = await findDeployment(host, 'byoc')
      const made: string[] = []
      for (const note of ['Zeta', 'alpha', '100%', 'a_b', 'Ümlaut', 'alpha', 'beta']) {
        const { apiKey } = await createKey(host, deployment, {
          note: `Paging ${note}`,
          access: list('GET /clients'),
        })
        made.push(apiKey.appId)
      }
      for (const sort of ['createdAt', '-createdAt', 'note', '-note', 'appId', '-appId']) {
        const seen: string[] = []
        let cursor = ''
        do {
          const { items, nextCursor, total } = await page(
            host,
            deployment,
            `?search=PAGING&limit=2&sort=${sort}${cursor && `&cursor=${cursor}`}`,
          )
          assert.equal(total, made.length)
          seen.push(...items.map(({ appId }) => appId))
          cursor = nextCursor ?? ''
        } while (cursor)
        assert.deepEqual(seen.toSorted(), made.toSorted(), sort)
      }
      const found = async (search: string) =>
        (await page(host, deployment, `?search=${encodeURIComponent(search)}`)).items.length
      assert.deepEqual(
        [
          await found('paging 100%'),
          await found('paging _'),
          await found('alpha paging'),
          await found('%'),
        ],
        [1, 1, 2, 1],
      )
      for (const appId of made) {
        await call(host, 'deleteApiKey', { params: { deploymentId: deployment.id, appId } })
      }
    },
  },
  {
    name: 'bad list queries are refused by name',
    async run(host) {
      const params = { deploymentId: (await findDeployment(host, 'dedicated')).id }
      for (const [query, field] of [
        ['?limit=0', 'limit'],
        ['?limit=1000', 'limit'],
        ['?sort=secret', 'sort'],
        ['?cursor=nonsense', 'cursor'],
        ['?colour=red', 'colour'],
      ] as const) {
        const answer = await call(host, 'listApiKeys', { params, query })
        assert.deepEqual([answer.status, badFields(answer)], [400, [field]], query)
      }
    },
  },
  {
    name: 'a secret is in the answer that made it and in no other',
    async run(host) {
      const deployment = await findDeployment(host, 'dedicated')
      const { apiKey, appSecret } = await createKey(host, deployment, {
        access: list('GET /clients'),
      })
      const params = { deploymentId: deployment.id, appId: apiKey.appId }
      for (const name of ['getApiKey', 'listApiKeys', 'getDeployment', 'getFigures'] as const) {
        const { text } = await call(host, name, { params })
        assert.ok(!text.includes(appSecret) && !/hash/i.test(text), name)
        assert.ok(!/secret/i.test(text.replaceAll('"oldSecret":', '')), name)
      }
      await call(host, 'deleteApiKey', { params })
    },
  },
  {
    name: "a key opens neither another deployment's API nor the management API",
    async run(host) {
      const deployment = await findDeployment(host, 'dedicated')
      const other = await findDeployment(host, 'byoc')
      const created = await createKey(host, deployment, { access: { mode: 'full' } })
      assert.equal((await callDeployment(host, other, 'GET /clients', created)).status, 401)
      const wrong = { ...created, appSecret: `${created.appSecret.slice(0, -1)}!` }
      const refusals = [
        await callDeployment(host, deployment, 'GET /clients', wrong),
        await callDeployment(
          host,
          { ...deployment, apiBaseUrl: 'http://x/nowhere/api/v5' },
          'GET /clients',
          created,
        ),
        await callDeployment(host, other, 'GET /clients', created),
      ]
      assert.deepEqual(new Set(refusals.map(({ status, text }) => `${status} ${text}`)).size, 1)
      for (const path of ['/api_key', '/users', '/login', '/nope']) {
        const answer = await callDeployment(host, deployment, `POST ${path}`, created)
        assert.equal(answer.status, 404, path)
      }
      const params = { deploymentId: deployment.id, appId: created.apiKey.appId }
      await call(host, 'deleteApiKey', { params })
    },
  },
]
