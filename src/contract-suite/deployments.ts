import assert from 'node:assert/strict'
import { catalogOf } from '../contract/catalog/catalog.ts'
import { catalogSchema } from '../contract/catalog/schemas.ts'
import { deploymentSchema, figuresSchema } from '../contract/deployments/schemas.ts'
import { MANAGEMENT_BASE } from '../contract/http/base-path.ts'
import { routes } from '../contract/routes.ts'
import {
  badFields,
  call,
  callDeployment,
  createKey,
  findDeployment,
  type ContractCase,
} from './host.ts'

const samples = [
  ['serverless', 'v5', 11, '/api/v5'],
  ['dedicated', 'v5', 77, '/api/v5'],
  ['dedicatedFlex', 'v5', 77, '/api/v5'],
  ['byoc', 'v5', 77, '/api/v5'],
  ['dedicated', 'v4', 55, '/api'],
] as const

const embedded = { kind: 'embedded' }

const badBodies: [name: string, json: Record<string, unknown>, field: string][] = [
  ['no name', { name: ' ', plan: 'byoc', backend: embedded }, 'name'],
  ['an unknown plan', { name: 'x', plan: 'gold', backend: embedded }, 'plan'],
  [
    'a plan that v4 has not',
    { name: 'x', plan: 'byoc', version: 'v4', backend: embedded },
    'version',
  ],
  ['no backend', { name: 'x', plan: 'byoc' }, 'backend'],
  ['an unknown backend', { name: 'x', plan: 'byoc', backend: { kind: 'other' } }, 'backend.kind'],
  [
    'an address that is none',
    {
      name: 'x',
      plan: 'byoc',
      backend: { kind: 'emqx', url: 'file:///etc', keyId: 'a', keySecret: 'b' },
    },
    'backend.url',
  ],
  [
    'an address with credentials',
    {
      name: 'x',
      plan: 'byoc',
      backend: { kind: 'emqx', url: 'http://a:b@c', keyId: 'a', keySecret: 'b' },
    },
    'backend.url',
  ],
]

/** What the management API promises of deployments. */
export const deploymentCases: ContractCase[] = [
  ...samples.map(([plan, version, operations, base]): ContractCase => ({
    name: `the ${plan} ${version} sample runs and has its ${operations} operations`,
    async run(host) {
      const deployment = await findDeployment(host, plan, version)
      assert.equal(deployment.status, 'running')
      assert.ok(deployment.apiBaseUrl.endsWith(`/${deployment.id}${base}`))
      const params = { deploymentId: deployment.id }
      const { text } = await call(host, 'getCatalog', { params })
      const shown = catalogSchema
        .parse(JSON.parse(text))
        .categories.flatMap((one) => one.operations)
      assert.equal(shown.length, operations)
      assert.deepEqual(
        shown.map(({ id }) => id),
        catalogOf({ plan, version }).operations.map(({ id }) => id),
      )
    },
  })),
  {
    name: 'a deployment is added, opened, renamed and removed, and its keys go with it',
    async run(host) {
      const added = await call(host, 'createDeployment', {
        json: {
          name: 'Päckage Sörter!',
          plan: 'dedicatedFlex',
          backend: embedded,
          region: 'Halle 3',
        },
      })
      assert.equal(added.status, 201, added.text)
      const deployment = deploymentSchema.parse(JSON.parse(added.text))
      assert.equal(deployment.id, 'package-sorter')
      const params = { deploymentId: deployment.id }
      const created = await createKey(host, deployment, { access: { mode: 'full' } })
      assert.equal((await callDeployment(host, deployment, 'GET /clients', created)).status, 200)

      const rename = (name: string, revision: number) =>
        call(host, 'updateDeployment', {
          params,
          json: { name },
          headers: { 'if-match': `"${revision}"` },
        })
      const renamed = await rename('Sorter', 1)
      const { id, name, apiBaseUrl } = deploymentSchema.parse(JSON.parse(renamed.text))
      assert.deepEqual([id, name, apiBaseUrl], [deployment.id, 'Sorter', deployment.apiBaseUrl])
      assert.equal((await rename('Stale', 1)).status, 412)
      assert.equal(
        (await call(host, 'updateDeployment', { params, json: { name: 'x' } })).status,
        428,
      )

      assert.equal((await call(host, 'deleteDeployment', { params })).status, 204)
      assert.equal((await call(host, 'getDeployment', { params })).status, 404)
      assert.equal((await callDeployment(host, deployment, 'GET /clients', created)).status, 401)
    },
  },
  ...badBodies.map(([name, json, field]): ContractCase => ({
    name: `a deployment with ${name} is refused by name`,
    async run(host) {
      const answer = await call(host, 'createDeployment', { json })
      assert.equal(answer.status, 422, answer.text)
      assert.ok(badFields(answer).includes(field), answer.text)
    },
  })),
  {
    name: 'figures count the calls by outcome',
    async run(host) {
      const deployment = await findDeployment(host, 'dedicatedFlex')
      const params = { deploymentId: deployment.id }
      const figures = figuresSchema.parse(
        JSON.parse((await call(host, 'getFigures', { params })).text),
      )
      assert.ok(figures.sessions && figures.messagesIn && figures.messagesOut)
      const created = await createKey(host, deployment, {
        access: { mode: 'list', operations: ['GET /clients'] },
      })
      await callDeployment(host, deployment, 'GET /clients', created)
      const shown = await call(host, 'getDeployment', { params })
      assert.notEqual(deploymentSchema.parse(JSON.parse(shown.text)).lastApiCallAt, null)
      await call(host, 'deleteApiKey', { params: { ...params, appId: created.apiKey.appId } })
    },
  },
  {
    name: 'what does not exist is a problem, on every route',
    async run(host) {
      const params = { deploymentId: 'nowhere', appId: 'k00000000000' }
      const headers = { 'if-match': '"1"' }
      for (const [name, json] of [
        ['getDeployment'],
        ['deleteDeployment'],
        ['getFigures'],
        ['getCatalog'],
        ['listApiKeys'],
        ['getApiKey'],
        ['deleteApiKey'],
        ['updateDeployment', { name: 'x' }],
        ['createApiKey', { access: { mode: 'full' } }],
        ['updateApiKey', { note: 'x' }],
      ] as const) {
        const answer = await call(host, name, { params, headers, ...(json && { json }) })
        assert.equal(answer.status, 404, name)
      }
      assert.equal((await host.send('GET', '/api/v1/nothing')).status, 404)
    },
  },
  {
    name: 'what is asked for with U+0000 is refused, whatever the store could say of it',
    async run(host) {
      const { id } = await findDeployment(host, 'dedicated')
      const keys = `/deployments/${id}/api-keys`
      const cursor = (list: string) => btoa(JSON.stringify([list, 'a\0', 'k'])).replace(/=+$/, '')
      const asked = [
        ['GET', '/deployments/%00'],
        ['GET', `${keys}/%00`],
        ['GET', `${keys}?search=%00`],
        ['GET', `${keys}?cursor=${cursor('-createdAt')}`],
        ['GET', '/users/%00'],
        ['DELETE', '/tokens/%00'],
        ['GET', '/activity?search=%00'],
        ['GET', '/activity?appId=%00'],
        ['GET', '/activity?deploymentId=%00'],
        ['GET', `/activity?cursor=${cursor('activity')}`],
        ['GET', '/activity.csv?search=%00'],
      ] as const
      for (const [method, path] of asked) {
        const { status, text } = await host.send(method, `${MANAGEMENT_BASE}${path}`)
        assert.equal(status, 400, `${path}: ${text}`)
      }
      const json = { username: 'a\0', password: 'x' }
      assert.deepEqual(badFields(await call(host, 'createSession', { json })), ['username'])
    },
  },
  {
    name: 'the OpenAPI document names every route, and health checks answer',
    async run(host) {
      const document: unknown = JSON.parse((await host.send('GET', '/api/v1/openapi.json')).text)
      assert.ok(document && typeof document === 'object' && 'paths' in document && document.paths)
      const documented = Object.entries(document.paths).flatMap(([path, methods]) =>
        Object.keys(Object(methods)).map((method) => `${method} ${path}`),
      )
      const known = Object.values(routes).map(({ method, path }) => `${method} ${path}`)
      assert.deepEqual(documented.toSorted(), known.toSorted())
      assert.equal((await host.send('GET', '/healthz')).status, 200)
      assert.equal((await host.send('GET', '/readyz')).status, 200)
    },
  },
]
