import { createServer, type Socket } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import type { Backend, BackendCall } from '../../contract/backend.ts'
import { v5Catalog } from '../../contract/catalog/v5.ts'
import { Secret } from '../../contract/secret.ts'
import { createEmqxBackend } from './emqx-backend.ts'
import { answerJson, startFakeEmqx, type FakeEmqx, type Respond } from './fake-emqx.ts'

const timeouts = { connect: 2000, headers: 2000, body: 2000, reading: 2000 }
const AUTHORIZATION = `Basic ${btoa('latchkey:s3cret')}`

let emqx: FakeEmqx
let respond: Respond
let open: Backend[]
let time: number

beforeEach(async () => {
  respond = (_, response) => answerJson(response, { ok: true })
  emqx = await startFakeEmqx((request, response) => respond(request, response))
  open = []
  time = Date.UTC(2026, 0, 1)
})
afterEach(async () => {
  await Promise.all(open.map((backend) => backend.close()))
  await emqx.close()
})

type Options = { url?: string; version?: 'v4' | 'v5'; wait?: typeof timeouts }

function connect({ url = emqx.url, version = 'v5', wait = timeouts }: Options = {}): Backend {
  const endpoint = { url, keyId: 'latchkey', keySecret: new Secret('s3cret') }
  const backend = createEmqxBackend(endpoint, {
    version,
    now: () => new Date(time),
    timeouts: wait,
  })
  open.push(backend)
  return backend
}

function callOf(call: Partial<BackendCall> = {}): BackendCall {
  const [operation] = v5Catalog.operations
  if (!operation) throw new Error('the catalog is empty')
  return {
    operation,
    parameters: {},
    method: 'GET',
    rawPath: '/clients',
    rawQuery: '',
    headers: {},
    body: null,
    signal: new AbortController().signal,
    ...call,
  }
}

async function textOf(body: Awaited<ReturnType<Backend['call']>>['body']): Promise<string> {
  const pieces: Uint8Array[] = []
  if (body instanceof Uint8Array) pieces.push(body)
  else for await (const piece of body ?? []) pieces.push(piece)
  return Buffer.concat(pieces).toString()
}

test('sends what was checked, byte for byte, with the credentials of its own', async () => {
  const paths = ['/clients/a%2Fb', '/clients/%E4%BD%A0', "/clients/a:b;c='(1)'", '/rules/%3a']
  for (const rawPath of paths) {
    const { body } = await connect().call(callOf({ rawPath, rawQuery: '?x=%zz&y=[1]&&z=%C3' }))
    await textOf(body)
  }
  expect(emqx.requests.map(({ url }) => url)).toEqual(
    paths.map((path) => `/api/v5${path}?x=%zz&y=[1]&&z=%C3`),
  )
  expect(emqx.requests[0]?.headers['authorization']).toBe(AUTHORIZATION)
  expect(emqx.requests[0]?.headers['host']).toBe(new URL(emqx.url).host)
})

test('an address with a path stands before the path of the API; v4 has its own', async () => {
  await connect({ url: `${emqx.url}/emqx/` }).call(callOf())
  await connect({ version: 'v4' }).call(callOf())
  expect(emqx.requests.map(({ url }) => url)).toEqual(['/emqx/api/v5/clients', '/api/v4/clients'])
})

test('hands on the answer as it is: status, headers and a body in pieces', async () => {
  let finish = () => {}
  respond = (_, response) => {
    response.writeHead(207, { 'x-mine': 'yes' })
    response.write('first ')
    finish = () => response.end('last')
  }
  const { status, headers, body } = await connect().call(callOf())
  expect([status, headers['x-mine']]).toEqual([207, 'yes'])
  if (!body || body instanceof Uint8Array) throw new Error('not a stream')
  const pieces: string[] = []
  for await (const piece of body) {
    pieces.push(Buffer.from(piece).toString())
    finish()
  }
  expect(pieces).toEqual(['first ', 'last'])
})

test('an answer of 401 or a redirect is a fault of the endpoint, never followed', async () => {
  respond = (_, response) => answerJson(response, { code: 'BAD_API_KEY_OR_SECRET' }, 401)
  await expect(connect().call(callOf())).rejects.toMatchObject({ reason: 'credentials' })
  respond = (_, response) => response.writeHead(307, { location: `${emqx.url}/elsewhere` }).end()
  await expect(connect().call(callOf())).rejects.toMatchObject({ reason: 'unreachable' })
  expect(emqx.requests).toHaveLength(2)
  respond = (_, response) => response.writeHead(403).end()
  expect((await connect().call(callOf())).status).toBe(403)
})

test('tells a broker that is down from one that is slow', async () => {
  const down = connect({ url: 'http://127.0.0.1:9' })
  await expect(down.call(callOf())).rejects.toMatchObject({ reason: 'unreachable' })
  respond = () => {}
  const slow = connect({ wait: { ...timeouts, headers: 20 } })
  await expect(slow.call(callOf())).rejects.toMatchObject({ reason: 'timeout' })
})

test('a caller that goes away ends the call, before and after its answer began', async () => {
  const ended: string[] = []
  let arrived = () => {}
  respond = (request, response) => {
    response.on('close', () => {
      ended.push(request.url ?? '')
      arrived()
    })
    if (request.url?.endsWith('begun')) response.writeHead(200).write('x')
    else arrived()
  }
  const next = () => new Promise<void>((resolve) => (arrived = resolve))

  const before = new AbortController()
  let here = next()
  const call = connect().call(callOf({ signal: before.signal }))
  await here
  here = next()
  before.abort()
  await expect(call).rejects.toThrow('aborted')
  await here

  const after = new AbortController()
  here = next()
  const { body } = await connect().call(callOf({ rawPath: '/begun', signal: after.signal }))
  after.abort()
  await expect(textOf(body)).rejects.toThrow('aborted')
  await here
  expect(ended).toEqual(['/api/v5/clients', '/api/v5/begun'])
})

const nodes = [
  { node: 'emqx@a', node_status: 'running', uptime: 61_000, version: '5.8.1' },
  { node: 'emqx@b', node_status: 'running', uptime: 5000 },
  { node: 'emqx@c', node_status: 'stopped' },
]
const current = {
  connections: 9,
  live_connections: 7,
  subscriptions: 12,
  received_msg_rate: 3,
  sent_msg_rate: 4,
}
const listeners = [
  { id: 'tcp:default', type: 'tcp', bind: '0.0.0.0:1883', enable: true, status: { running: true } },
  { id: 'ssl:default', type: 'ssl', bind: ':8883', enable: false, status: { running: false } },
  { id: 'ws:a', type: 'ws', bind: '[::]:8083', enable: true },
  { id: 'wss:b', type: 'wss', bind: 8084, enable: true },
  { id: 'tcp:inner', type: 'tcp', bind: '127.0.0.1:1884', enable: true },
  { id: 'quic:a', type: 'quic', bind: '14567', enable: true },
]

function respondWith(answers: Record<string, unknown>): Respond {
  return ({ url = '' }, response) => {
    const json = answers[url.replace(/^\/api\/v[45]/, '')]
    answerJson(response, json ?? { code: 'NOT_FOUND' }, json === undefined ? 404 : 200)
  }
}

test('reads status, figures and ports of EMQX 5', async () => {
  respond = respondWith({ '/nodes': nodes, '/monitor_current': current, '/listeners': listeners })
  const backend = connect()
  expect(await backend.status()).toEqual({ state: 'running', startedAt: new Date(time - 61_000) })
  expect(await backend.figures()).toEqual({
    sessions: { current: 7, limit: null, series: [7] },
    subscriptions: { current: 12, limit: null, series: [12] },
    messagesIn: { perSecond: 3, series: [3] },
    messagesOut: { perSecond: 4, series: [4] },
  })
  expect(backend.connection()).toEqual({
    host: '127.0.0.1',
    listeners: [
      { protocol: 'mqtt', port: 1883, enabled: true },
      { protocol: 'mqtts', port: 8883, enabled: false },
      { protocol: 'ws', port: 8083, enabled: true },
      { protocol: 'wss', port: 8084, enabled: true },
    ],
  })
  expect(new Set(emqx.requests.map(({ headers }) => headers['authorization']))).toEqual(
    new Set([AUTHORIZATION]),
  )
})

test('reads status and figures of EMQX 4, rates by what its counters grow', async () => {
  let received = 1000
  respond = (request, response) =>
    respondWith({
      '/nodes': {
        code: 0,
        data: [{ node_status: 'Running', uptime: '1 hours, 2 minutes, 3 seconds' }],
      },
      '/stats': {
        code: 0,
        data: [
          { node: 'a', stats: { 'connections.count': 2 } },
          { stats: { 'connections.count': 3 } },
        ],
      },
      '/metrics': { code: 0, data: [{ node: 'a', metrics: { 'messages.received': received } }] },
    })(request, response)
  const backend = connect({ version: 'v4' })
  expect((await backend.status()).startedAt).toEqual(new Date(time - 3_723_000))
  expect(await backend.figures()).toEqual({ sessions: { current: 5, limit: null, series: [5] } })
  time += 2000
  received += 50
  expect((await backend.figures()).messagesIn).toEqual({ perSecond: 25, series: [25] })
  time += 2000
  received = 3
  expect((await backend.figures()).messagesIn).toBe(undefined)
  expect(backend.connection().listeners).toEqual([])
})

test('asks once, however many ask it, and again when the figures are old', async () => {
  respond = respondWith({ '/nodes': nodes, '/monitor_current': current, '/listeners': [] })
  const backend = connect()
  await Promise.all([backend.status(), backend.figures(), backend.status(), backend.figures()])
  time += 1999
  await Promise.all([backend.status(), backend.figures()])
  expect(emqx.requests.map(({ url }) => url).toSorted()).toEqual([
    '/api/v5/listeners',
    '/api/v5/monitor_current',
    '/api/v5/nodes',
  ])
  time += 1
  await Promise.all([backend.status(), backend.figures()])
  expect(emqx.requests).toHaveLength(5)
})

test('what can’t be read is left out, and never thrown', async () => {
  const backend = connect()
  expect(await backend.status()).toEqual({ state: 'unreachable', startedAt: null })
  respond = respondWith({
    '/monitor_current': { connections: 4 },
    '/nodes': [{ node_status: 'stopped' }],
  })
  expect(await backend.figures()).toEqual({ sessions: { current: 4, limit: null, series: [4] } })
  time += 4999
  expect((await backend.status()).state).toBe('unreachable')
  time += 1
  expect(await backend.status()).toEqual({ state: 'stopped', startedAt: null })
  await emqx.close()
  time += 2000
  expect(await backend.figures()).toEqual({})
})

test.each([
  ['before time began', 1e300],
  ['after now', -1e300],
  ['in words, before time began', `${'9'.repeat(30)} days`],
])('an uptime that can’t be is left out: %s', async (_, uptime) => {
  respond = respondWith({ '/nodes': [{ node_status: 'running', uptime }], '/listeners': [] })
  expect(await connect().status()).toEqual({ state: 'running', startedAt: null })
})

test('an uptime of endless digits doesn’t keep the process busy', async () => {
  const nodesOf = (uptime: string) => ({ '/nodes': [{ node_status: 'running', uptime }] })
  respond = respondWith({ ...nodesOf('1'.repeat(1_000_000)), '/listeners': [] })
  expect((await connect().status()).state).toBe('unreachable')
})

test('figures and ports that can’t be are left out', async () => {
  respond = respondWith({
    '/nodes': nodes,
    '/monitor_current': { connections: 1.5, subscriptions: -1, received_msg_rate: -2 },
    '/listeners': [
      { type: 'tcp', bind: '9'.repeat(30), enable: true },
      { type: 'tcp', bind: 65_536, enable: true },
      { type: 'tcp', bind: 1883, enable: true },
    ],
  })
  const backend = connect()
  await backend.status()
  expect(await backend.figures()).toEqual({})
  expect(backend.connection().listeners).toEqual([{ protocol: 'mqtt', port: 1883, enabled: true }])
})

test('a body on its way is taken no faster than the broker reads it', async () => {
  const sockets: Socket[] = []
  const server = createServer((socket) => sockets.push(socket.pause()))
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = z.object({ port: z.number() }).parse(server.address())
  let taken = 0
  async function* endless() {
    while (true) {
      taken += 1
      yield new Uint8Array(1024 * 1024)
    }
  }
  const backend = connect({
    url: `http://127.0.0.1:${port}`,
    wait: { ...timeouts, headers: 200 },
  })
  const call = backend.call(callOf({ method: 'POST', body: endless() }))
  await expect(call).rejects.toMatchObject({ reason: 'timeout' })
  expect(taken).toBeLessThan(64)
  for (const socket of sockets) socket.destroy()
  await new Promise((resolve) => {
    server.close(resolve)
  })
})
