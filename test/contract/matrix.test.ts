import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Host } from '../../src/contract-suite/host.ts'
import { proveMatrix } from '../../src/contract-suite/matrix.ts'
import { roles } from '../../src/contract/accounts/roles.ts'
import { basicAuthorization } from '../../src/contract/keys/credentials.ts'
import {
  ADMIN_PASSWORD,
  startTestServer,
  USER_PASSWORD,
  type TestServer,
} from '../harness/test-server.ts'

let server: TestServer

beforeAll(async () => {
  server = await startTestServer({ environment: { SAMPLES: 'on' } })
})
afterAll(() => server.stop())

/** The server as it is for who sends these headers and no others. */
function hostWith(headersFor: () => Promise<Record<string, string>>): Host {
  return {
    async send(method, path, { headers, body } = {}) {
      const answer = await fetch(`${server.url}${path}`, {
        method,
        headers: { ...headers, ...(await headersFor()) },
        redirect: 'manual',
        ...(body !== undefined && { body }),
      })
      return {
        status: answer.status,
        headers: Object.fromEntries(answer.headers),
        text: await answer.text(),
      }
    },
  }
}

const host = hostWith(async () => ({}))

test('nobody may do what the matrix says nobody may', async () => {
  await proveMatrix(host, 'unknown', {})
})

test.each(roles)('a session of a %s may do what the matrix says, on every route', async (role) => {
  const { username } = await server.signInAs(role)
  // A session for each request: some of them end it.
  const inSession = hostWith(async () => (await server.signIn(username, USER_PASSWORD)).headers)
  await proveMatrix(inSession, { kind: 'person', role }, {})
})

test('a session that ended is nobody’s', async () => {
  const session = await server.signIn()
  await server.api('DELETE', '/session', undefined, session.headers)
  await proveMatrix(host, 'unknown', session.headers)
})

test('a good session is of no use beside a wrong Authorization header, nor in one', async () => {
  const { cookie, headers } = await server.signIn()
  const [, value = ''] = cookie.split('=')
  const [token = ''] = decodeURIComponent(value).split('.')
  const key = await server.createKey('plant-telemetry', { access: { mode: 'full' } })
  await proveMatrix(host, 'deploymentKey', { ...headers, authorization: key.authorization })
  for (const authorization of [
    'Bearer none',
    `Bearer ${token}`,
    `Bearer ${value}`,
    basicAuthorization('admin', ADMIN_PASSWORD),
  ]) {
    await proveMatrix(host, 'unknown', { ...headers, authorization })
  }
})

test('neither a session nor an automation token opens anything at the gateway', async () => {
  const key = await server.createKey('plant-telemetry', { access: { mode: 'full' } })
  const { cookie } = await server.signIn()
  const token = await server.token()
  const call = async (headers: Record<string, string>) => {
    const answer = await fetch(`${server.url}/plant-telemetry/api/v5/clients`, { headers })
    return answer.status
  }
  expect(await call({ authorization: key.authorization })).toBe(200)
  const others = [
    { cookie },
    { authorization: `Bearer ${token}` },
    { authorization: basicAuthorization(key.appId, token) },
    { authorization: basicAuthorization('admin', ADMIN_PASSWORD) },
    { cookie, authorization: basicAuthorization(key.appId, cookie.split('=')[1] ?? '') },
  ]
  const statuses = await Promise.all(others.map(call))
  expect(statuses).toEqual(others.map(() => 401))
})

test('every answer of the management API is for this caller alone, and for programs', async () => {
  const session = await server.signIn()
  const paths = ['/session', '/users', '/activity', '/activity.csv', '/nowhere', '/openapi.json']
  for (const headers of [session.headers, {}]) {
    for (const path of paths) {
      const answer = await fetch(`${server.url}/api/v1${path}`, { headers })
      await answer.text()
      expect([path, ...securityOf(answer)]).toEqual([
        path,
        'no-store',
        "default-src 'none'; frame-ancestors 'none'; sandbox",
        'nosniff',
        'no-referrer',
        null,
      ])
    }
  }
})

function securityOf({ headers }: Response): (string | null)[] {
  return [
    'cache-control',
    'content-security-policy',
    'x-content-type-options',
    'referrer-policy',
    'access-control-allow-origin',
  ].map((name) => headers.get(name))
}
