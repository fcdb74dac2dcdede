import { beforeEach, expect, test } from 'vitest'
import type { Access } from '../contract/access/access.ts'
import {
  BackendUnavailable,
  type Backend,
  type BackendCall,
  type HeaderBag,
} from '../contract/backend.ts'
import { sha256InHex } from '../contract/bytes.ts'
import { basicAuthorization } from '../contract/keys/credentials.ts'
import type { KeyForCall } from '../store/keys/api-key-records.ts'
import type { GatewayPorts } from './gateway-ports.ts'
import { createGateway } from './gateway.ts'
import { answerOk, fakeBackend, fullAccessKey, sendCall, type Sent } from './testing.ts'
import { CallCounter } from './usage/call-counter.ts'

const access: Access = { mode: 'list', operations: ['GET /clients', 'PUT /rules/{id}'] }
const v5: KeyForCall = {
  ...fullAccessKey,
  rights: { access, allowedAddresses: { includes: () => true } },
}
const keys: Record<string, KeyForCall> = {
  'k-list': v5,
  'k-full': fullAccessKey,
  'k-cold': { ...v5, deploymentId: 'cold', version: 'v4' },
  'k-garden': { ...fullAccessKey, deploymentId: 'garden', plan: 'serverless' },
  'k-closed': { ...v5, deploymentId: 'closed' },
  'k-disabled': { ...v5, disabled: true },
  'k-expired': { ...v5, expiresAt: Date.parse('2026-03-01T12:00:00.000Z') },
}

let calls: BackendCall[]
let errors: unknown[]
let answer: Backend['call']
let counter: CallCounter

const backend: Backend = {
  ...fakeBackend((call) => {
    calls.push(call)
    return answer(call)
  }),
  supports: (id) => id !== 'GET /rules',
}

const ports: GatewayPorts = {
  findKey: async ({ appId }) => keys[appId],
  backendOf: (id) => (['plant', 'cold', 'garden'].includes(id) ? backend : undefined),
  sha256: sha256InHex,
  now: () => new Date('2026-03-01T12:00:00.000Z'),
  get counter() {
    return counter
  },
  recorder: { recordCall() {}, recordRefusedCredentials() {} },
  onError: (error) => errors.push(error),
}

beforeEach(() => {
  calls = []
  errors = []
  counter = new CallCounter(ports.now)
  answer = answerOk
})

type SentHere = Omit<Sent, 'as'> & { as?: string | undefined; ports?: Partial<GatewayPorts> }

/** Sends a call with the first key of its deployment, unless `as` names another. */
function send(line: string, { as, ports: more, ...sent }: SentHere = {}) {
  const deploymentId = line.split('/')[1]
  const own = Object.keys(keys).find((appId) => keys[appId]?.deploymentId === deploymentId)
  const gateway = createGateway({ ...ports, counter, ...more })
  return sendCall(gateway, line, { as: as ?? `${own}:right`, ...sent })
}

test('forwards an allowed call with the path as it came, and nothing of the caller’s hop', async () => {
  const headers = { cookie: 'a=b', accept: '*/*', 'x-http-method-override': 'DELETE' }
  const { status, outcome, appId } = await send(
    'PUT /plant/api/v5/rules/a%2Fb%3a?x=%7E&_method=GET',
    { headers, address: '203.0.113.9' },
  )
  expect({ status, outcome, appId }).toEqual({ status: 200, outcome: 'allowed', appId: 'k-list' })
  expect(calls).toHaveLength(1)
  expect(calls[0]).toMatchObject({
    method: 'PUT',
    rawPath: '/rules/a%2Fb%3a',
    rawQuery: '?x=%7E',
    parameters: { id: 'a/b:' },
    headers: { accept: '*/*', 'x-forwarded-for': '203.0.113.9', 'x-request-id': 'a-request' },
    operation: { id: 'PUT /rules/{id}' },
  })
  expect(Object.keys(calls[0]?.headers ?? {})).toEqual([
    'accept',
    'x-request-id',
    'x-forwarded-for',
  ])
})

const wrongPairs = ['k-list:wrong', 'k-none:right', 'k-list:Right', 'K-LIST:right']

const badHeaders: Record<string, HeaderBag> = {
  missing: { authorization: undefined },
  'another scheme': { authorization: 'Bearer abc' },
  malformed: { authorization: 'Basic abc' },
  repeated: {
    authorization: `${basicAuthorization('k-list', 'right')}, ${basicAuthorization('k-list', 'right')}`,
  },
  'repeated, as an array': {
    authorization: [basicAuthorization('k-list', 'right'), basicAuthorization('k-list', 'right')],
  },
}

test('every fault of credentials has the same 401, before anything else is looked at', async () => {
  const answers: string[] = []
  const add = async (line: string, sent: SentHere) => {
    // Which deployment it was stays with the host.
    const { deploymentId: _, ...shown } = await send(line, sent)
    answers.push(JSON.stringify(shown))
  }
  const paths = ['/v5/clients', '/v5/nope', '/v5/../clients', '/v5/%zz']
  for (const path of paths) {
    for (const headers of Object.values(badHeaders)) {
      await add(`GET /plant/api${path}`, { headers })
    }
    for (const as of [...wrongPairs, 'k-disabled:right', 'k-expired:right', 'k-cold:right']) {
      await add(`GET /plant/api${path}`, { as })
      await add(`GET /nowhere/api${path}`, { as })
    }
  }
  expect(new Set(answers).size).toBe(1)
  const { status, headers, json, outcome, appId } = await send('GET /plant/api/v5/nope', {
    as: 'x:y',
  })
  expect({ status, outcome, appId }).toEqual({ status: 401, outcome: 'refused', appId: null })
  expect(headers['www-authenticate']).toBe('Basic realm="Latchkey Deployment API", charset="UTF-8"')
  expect(headers['cache-control']).toBe('no-store')
  expect(json).toMatchObject({ code: 'BAD_API_KEY_OR_SECRET' })
  expect(calls).toEqual([])
})

test('v4 bodies carry an integer code, v5 bodies a string', async () => {
  const cold = (path: string, as?: string) => send(`GET /cold/api${path}`, { as })
  expect((await cold('/clients', 'k-cold:wrong')).json).toMatchObject({ code: 103 })
  expect((await cold('/banned')).json).toMatchObject({ code: 403, required: 'GET /banned' })
  expect((await cold('/nope')).json).toMatchObject({ code: 404 })
  expect((await cold('/clients/..')).json).toMatchObject({ code: 400 })
  const plant = (path: string) => send(`GET /plant/api/v5${path}`)
  expect((await plant('/banned')).json).toMatchObject({ code: 'FORBIDDEN' })
  expect((await plant('/nope')).json).toMatchObject({ code: 'NOT_FOUND' })
  expect((await plant('/clients/..')).json).toMatchObject({ code: 'BAD_REQUEST' })
})

test('403 names what is missing and whose key it is', async () => {
  const { status, json, outcome } = await send('PUT /plant/api/v5/actions/a')
  expect({ status, outcome }).toEqual({ status: 403, outcome: 'refused' })
  expect(json).toEqual({
    code: 'FORBIDDEN',
    message: expect.stringContaining('PUT /actions/{id}'),
    required: 'PUT /actions/{id}',
    appId: 'k-list',
  })
})

test('a write that a page of another origin asks for is 403, whatever the key may do', async () => {
  const from = (site: string, line: string, as?: string) =>
    send(line, { as, headers: { 'sec-fetch-site': site } })
  const message = expect.stringContaining('page of another origin')
  const foreign = { status: 403, outcome: 'refused', json: { code: 'FORBIDDEN', message } }
  expect(await from('cross-site', 'PUT /plant/api/v5/rules/a')).toMatchObject(foreign)
  expect(await from('cross-site', 'POST /plant/api/v5/nope')).toMatchObject(foreign)
  expect((await from('same-site', 'PUT /cold/api/rules/a')).json).toEqual({ code: 403, message })
  expect((await from('cross-site', 'PUT /plant/api/v5/rules/a', 'x:y')).status).toBe(401)
  expect(calls).toEqual([])

  expect((await from('same-origin', 'PUT /plant/api/v5/rules/a')).status).toBe(200)
  expect((await from('cross-site', 'GET /plant/api/v5/clients')).status).toBe(200)
})

test('what no catalog has is 404 for full access too, and never forwarded', async () => {
  const lines = [
    'GET /plant/api/v5/nope',
    'POST /plant/api/v5/api_key',
    'GET /plant/api/v5/users',
    'POST /plant/api/v5/login',
    'PATCH /plant/api/v5/clients',
    'OPTIONS /plant/api/v5/clients',
    'TRACE /plant/api/v5/clients',
    'get /plant/api/v5/clients',
    'GET /plant/api/v5',
    'GET /plant/api',
    'GET /plant/api/clients',
    'GET /plant/api/v4/clients',
    'GET /garden/api/v5/rules',
  ]
  const asOf = (line: string) => (line.includes('garden') ? 'k-garden:right' : 'k-full:right')
  const answers = await Promise.all(lines.map((line) => send(line, { as: asOf(line) })))
  expect(answers.map(({ status }, at) => `${status} ${lines[at]}`)).toEqual(
    lines.map((line) => `404 ${line}`),
  )
  expect(calls).toEqual([])
})

test('a path that can be read in two ways is 400, never forwarded', async () => {
  const paths = [
    '/',
    '//clients',
    '/clients/',
    '/clients//x',
    '/clients/.',
    '/clients/%2e%2E',
    '/clients/..%2f..%2fusers',
    '/clients/%00',
    '/clients/a\\b',
    '/clients/%5c',
    '/clients/%zz',
    '/clients/%c0%af',
    '/clients#x',
    '/clients?a#x',
  ]
  const answers = await Promise.all(
    paths.map((path) => send(`GET /plant/api/v5${path}`, { as: 'k-full:right' })),
  )
  expect(answers.map(({ status }, at) => `${status} ${paths[at]}`)).toEqual(
    paths.map((path) => `400 ${path}`),
  )
  expect(calls).toEqual([])
})

test('HEAD needs what GET needs, and is answered without a body', async () => {
  const allowed = await send('HEAD /plant/api/v5/clients')
  expect([allowed.status, allowed.body, calls[0]?.method]).toEqual([200, null, 'HEAD'])
  const refused = await send('HEAD /plant/api/v5/banned')
  expect([refused.status, refused.body]).toEqual([403, null])
  expect(Number(refused.headers['content-length'])).toBeGreaterThan(20)
})

test('a GET with a body is refused: readers differ in what they make of it', async () => {
  async function* body() {
    yield new Uint8Array(1)
  }
  expect((await send('GET /plant/api/v5/clients', { body: body() })).status).toBe(400)
  expect((await send('PUT /plant/api/v5/rules/a', { body: body() })).status).toBe(200)
})

test('what fails behind a right key says so, and whether it is worth another try', async () => {
  const failing = async (error: unknown) => {
    answer = async () => {
      throw error
    }
    const { status, json, outcome, text } = await send('GET /plant/api/v5/clients')
    expect(outcome).toBe('failed')
    expect(text).not.toContain('10.0.0.9')
    return [status, json] as const
  }
  const unavailable = (reason: BackendUnavailable['reason']) =>
    new BackendUnavailable(reason, 'connect ECONNREFUSED 10.0.0.9')
  expect(await failing(unavailable('unreachable'))).toMatchObject([502, { code: 'BAD_GATEWAY' }])
  expect(await failing(unavailable('credentials'))).toMatchObject([502, { code: 'BAD_GATEWAY' }])
  expect(await failing(unavailable('timeout'))).toMatchObject([504, { code: 'GATEWAY_TIMEOUT' }])
  expect(errors).toEqual([])
  const bug = new Error('a bug at 10.0.0.9')
  expect(await failing(bug)).toMatchObject([500, { code: 'INTERNAL_ERROR' }])
  expect(errors).toEqual([bug])

  expect(await send('GET /closed/api/v5/clients')).toMatchObject({ status: 502 })
  expect(await send('GET /plant/api/v5/rules', { as: 'k-full:right' })).toMatchObject({
    status: 501,
    outcome: 'failed',
    json: { code: 'NOT_IMPLEMENTED' },
  })
})

test('a store that fails lets nobody in', async () => {
  const down = new Error('database is locked')
  const findKey = () => Promise.reject(down)
  const answered = await send('GET /plant/api/v5/clients', { ports: { findKey } })
  expect(answered).toMatchObject({ status: 503, json: { code: 'SERVICE_UNAVAILABLE' } })
  expect(errors).toEqual([down])
  expect(calls).toEqual([])
})

test('a caller that goes away is no error of ours', async () => {
  const gone = new AbortController()
  answer = async ({ signal }) => {
    gone.abort()
    throw signal.reason
  }
  await send('GET /plant/api/v5/clients', { signal: gone.signal })
  expect(errors).toEqual([])
})

test('counts calls of deployments that exist, and only of them', async () => {
  await send('GET /plant/api/v5/clients')
  await send('GET /nowhere/api/v5/clients')
  expect(counter.lastAllowedAt('plant')).toEqual(ports.now())
  expect(counter.lastAllowedAt('nowhere')).toBe(null)
})
