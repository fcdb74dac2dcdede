import { beforeEach, describe, expect, test } from 'vitest'
import {
  failAt,
  signedInAs,
  startInProcess,
  type InProcess,
} from '../../test/harness/in-process.ts'
import { bearer } from '../contract-suite/accounts.ts'
import { call } from '../contract-suite/host.ts'
import { matrixCases, proveMatrix, routeMatrix } from '../contract-suite/matrix.ts'
import { leastRoles, roles } from '../contract/accounts/roles.ts'
import { createdTokenSchema } from '../contract/accounts/schemas.ts'
import { activityPageSchema } from '../contract/activity/schemas.ts'
import { routes, type RouteName } from '../contract/routes.ts'
import { addSample, sampleDeployments } from './deployments/samples.ts'

const administrator = signedInAs('administrator')
let host: InProcess

beforeEach(async () => {
  host = await startInProcess()
})

/** A host as the contract suite wants it: an administrator, unless the request says else. */
function asAdministrator(): InProcess {
  return {
    ...host,
    send: (method, path, sent = {}) =>
      host.send(method, path, { ...sent, headers: { ...administrator, ...sent.headers } }),
  }
}

describe('Who may do what', () => {
  test('is nothing for nobody, on every route', async () => {
    await proveMatrix(host, 'unknown', {})
    await proveMatrix(host, 'unknown', { cookie: 'test=owner' })
  })

  test.each(roles)('for a person who is a %s is what the matrix says, on every route', (role) =>
    proveMatrix(host, { kind: 'person', role }, signedInAs(role)),
  )

  test.each(matrixCases)('$name', async ({ run }) => {
    for (const sample of sampleDeployments) {
      await addSample(host.store, sample, {
        createdAt: new Date(0),
        random: (length) => crypto.getRandomValues(new Uint8Array(length)),
      })
    }
    await run(asAdministrator())
  })

  test('is in the table that the product goes by just as in the matrix', () => {
    const whoOf = (name: RouteName) => {
      const words: Record<string, string> = {
        nothing: 'anyone',
        anyone: 'known',
        person: 'people',
        deploymentKey: 'deploymentKey',
        ...leastRoles,
      }
      return words[routes[name].requires]
    }
    const names = Object.keys(routes).filter((name): name is RouteName => name in routeMatrix)
    expect(names).toHaveLength(Object.keys(routes).length)
    expect(names.map((name) => [name, whoOf(name)])).toEqual(
      names.map((name) => [name, routeMatrix[name].who]),
    )
  })

  test('is decided before anything of a request is read', async () => {
    const path = '/api/v1/deployments'
    const body = 'x'.repeat(300 * 1024)
    for (const headers of [{}, { 'content-type': 'application/json' }]) {
      expect((await host.send('POST', path, { headers, body })).status).toBe(401)
      const viewer = { ...headers, ...signedInAs('viewer') }
      expect((await host.send('POST', `${path}?odd=1`, { headers: viewer, body })).status).toBe(403)
    }
    const headers = { ...administrator, 'content-type': 'application/json' }
    expect((await host.send('POST', path, { headers, body })).status).toBe(413)
  })

  test('is nothing at an address that there is not, whoever asks', async () => {
    for (const headers of [{}, administrator, { authorization: 'Bearer x' }]) {
      for (const path of ['/api/v1', '/api/v1/nothing', '/api/v1/users/a/b', '/api/v2/users']) {
        expect((await host.send('GET', path, { headers })).status).toBe(404)
        expect((await host.send('POST', path, { headers })).status).toBe(404)
      }
      expect((await host.send('PUT', '/api/v1/users', { headers })).status).toBe(404)
    }
  })

  test('goes by the Authorization header alone where there is one', async () => {
    for (const authorization of ['', 'Bearer x', 'Basic YTpi', `Bearer lkt_${'a'.repeat(40)}`]) {
      const answer = await call(host, 'listUsers', { headers: { ...administrator, authorization } })
      expect(answer.status).toBe(401)
    }
  })
})

describe('A refusal by role', () => {
  test('is recorded once a minute for what is asked over and over', async () => {
    const headers = signedInAs('viewer')
    const refuse = async () => {
      const answers = await Promise.all([1, 2, 3].map(() => call(host, 'listUsers', { headers })))
      expect(answers.map(({ status }) => status)).toEqual([403, 403, 403])
    }
    const recorded = async () =>
      (await host.store.activity.list({ limit: 9 })).map(({ subject }) => subject.name)
    await refuse()
    await refuse()
    expect(await recorded()).toEqual(['GET /users'])
    expect((await call(host, 'listTokens', { headers })).status).toBe(403)
    expect(await recorded()).toEqual(['GET /tokens', 'GET /users'])
    host.later(60_000)
    await refuse()
    expect(await recorded()).toEqual(['GET /users', 'GET /tokens', 'GET /users'])
  })
})

describe('A session', () => {
  test('is kept alive by every answer, refusals as well', async () => {
    const params = { deploymentId: 'nowhere' }
    for (const name of ['getSession', 'listUsers', 'getDeployment'] as const) {
      const { headers } = await call(host, name, { params, headers: signedInAs('viewer') })
      expect(headers['set-cookie']).toBe('test=renewed; HttpOnly')
    }
  })

  test('that ends is not brought back by the answer that ends it', async () => {
    for (const name of ['deleteSession', 'deleteSessions'] as const) {
      const { headers } = await call(host, name, { headers: administrator })
      expect(headers['set-cookie']).toBe('test=; Max-Age=0')
    }
  })
})

describe('A token', () => {
  async function newToken(expiresAt: string | null) {
    const json = { name: 'Nightly', role: 'viewer', expiresAt }
    const { text } = await call(host, 'createToken', { json, headers: administrator })
    const { secret } = createdTokenSchema.parse(JSON.parse(text))
    return bearer(secret)
  }

  test('is good until the millisecond at which it expires', async () => {
    const headers = await newToken('2026-11-23T12:00:01.000Z')
    host.later(999)
    expect((await call(host, 'listDeployments', { headers })).status).toBe(200)
    host.later(1)
    expect((await call(host, 'listDeployments', { headers })).status).toBe(401)
  })

  test('shows its last use to the minute, and is written down once in that minute', async () => {
    const headers = await newToken(null)
    host.later(83_456)
    await call(host, 'listDeployments', { headers })
    const [token] = await host.store.tokens.list()
    expect(token?.lastUsedAt).toBe('2026-11-23T12:01:00.000Z')
    await failAt(host.store.database, 'update', 'tokens')
    host.later(36_543)
    await call(host, 'listDeployments', { headers })
    expect(host.errors).toEqual([])
    // A store that can't be written to goes on answering who reads.
    host.later(1)
    expect((await call(host, 'listDeployments', { headers })).status).toBe(200)
    expect(host.errors).toHaveLength(1)
  })
})

describe('Health', () => {
  test('tells strangers no more than that it is there', async () => {
    host.open.add('line-3')
    await host.store.deployments.create({
      id: 'line-3',
      name: 'Line 3',
      plan: 'byoc',
      version: 'v5',
      region: null,
      backend: { kind: 'embedded' },
      createdAt: '2026-11-23T12:00:00.000Z',
    })
    expect(JSON.parse((await host.send('GET', '/readyz')).text)).toEqual({ store: 'reachable' })
    const known = await host.send('GET', '/readyz', { headers: signedInAs('viewer') })
    expect(JSON.parse(known.text)).toEqual({
      store: 'reachable',
      deployments: { 'line-3': 'running' },
    })
    const wrong = await host.send('GET', '/readyz', { headers: { authorization: 'Bearer x' } })
    expect(JSON.parse(wrong.text)).toEqual({ store: 'reachable' })
  })

  test('is bad when the store is', async () => {
    await host.store.close()
    const answer = await host.send('GET', '/readyz')
    expect([answer.status, JSON.parse(answer.text)]).toEqual([503, { store: 'unreachable' }])
    expect(host.errors).toHaveLength(1)
  })
})

test('A refusal by role names the role that is needed, and who was refused where', async () => {
  const headers = signedInAs('viewer')
  const refused = await call(host, 'createUser', { headers, json: {} })
  expect(JSON.parse(refused.text)).toMatchObject({
    status: 403,
    detail: 'Only administrators may do this. Ask one of them.',
  })
  const params = { deploymentId: 'nowhere', appId: 'k00000000000' }
  const other = await call(host, 'updateApiKey', { headers, params, json: { note: 'x' } })
  expect(JSON.parse(other.text)).toMatchObject({
    detail: 'Only operators and administrators may do this. Ask one of them.',
  })
  const { text } = await call(host, 'listActivity', { headers })
  const { items } = activityPageSchema.parse(JSON.parse(text))
  expect(items.map(({ actor, address, subject }) => [actor.name, address, subject.name])).toEqual([
    ['a viewer', '192.0.2.1', 'PATCH /deployments/{deploymentId}/api-keys/{appId}'],
    ['a viewer', '192.0.2.1', 'POST /users'],
  ])
})

test('The OpenAPI document says of each route who may use it', async () => {
  const { text } = await host.send('GET', '/api/v1/openapi.json')
  const document = JSON.parse(text)
  expect(document.components.securitySchemes).toMatchObject({
    session: { type: 'apiKey', in: 'cookie' },
    token: { type: 'http', scheme: 'bearer' },
  })
  const securityOf = (path: string, method: string) => document.paths[path][method].security
  expect(securityOf('/session', 'post')).toEqual([])
  expect(securityOf('/session', 'delete')).toEqual([{ session: [] }])
  expect(securityOf('/users', 'get')).toEqual([
    { session: ['administrator'] },
    { token: ['administrator'] },
  ])
})
