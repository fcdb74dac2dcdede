import { once } from 'node:events'
import { setImmediate as turn } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { HttpRequest } from './exchange.ts'
import { HttpClientError } from './http-client-error.ts'
import { HttpClient } from './http-client.ts'
import { startRawServer, type RawServer } from './testing/raw-server.ts'

const TIMEOUTS = { connect: 2000, headers: 10_000, body: 20_000 }
const TICK = 500
const CONNECTIONS = 8

let server: RawServer
let client: HttpClient
let answer: string
let arrived: PromiseWithResolvers<void>

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  arrived = Promise.withResolvers()
  server = await startRawServer((socket) => {
    if (answer !== '') socket.write(answer)
    arrived.resolve()
  })
  client = new HttpClient(server.url, { connections: CONNECTIONS, timeouts: TIMEOUTS })
})
afterEach(async () => {
  vi.useRealTimers()
  await client.close()
  await server.close()
})

function send(request: Partial<HttpRequest> = {}) {
  const { signal } = new AbortController()
  return client.send({ method: 'GET', path: '/', headers: {}, body: null, signal, ...request })
}

/** The code of what a request fails with. */
function codeOf(sent: Promise<unknown>): Promise<string> {
  return sent.then(
    () => 'answered',
    (error: unknown) => (error instanceof HttpClientError ? error.code : String(error)),
  )
}

const isOpen = () => server.sockets.some(({ closed }) => !closed)

/** What was sent to the server's side has come by then. */
async function settled(): Promise<void> {
  for (let turns = 0; turns < 20; turns += 1) await turn()
}

test('a late head', async () => {
  answer = ''
  const sent = send()
  const fault = codeOf(sent)
  await arrived.promise
  vi.advanceTimersByTime(TIMEOUTS.headers)
  await settled()
  expect(isOpen()).toBe(true)
  vi.advanceTimersByTime(TICK)
  expect(await fault).toBe('HEADERS_TIMEOUT')
})

test('a head that arrives byte by byte without an end', async () => {
  answer = 'HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 200 OK\r\nx: '
  const fault = codeOf(send())
  await arrived.promise
  for (let waited = 0; waited <= TIMEOUTS.headers; waited += TICK) {
    server.sockets[0]?.write('y')
    await settled()
    vi.advanceTimersByTime(TICK)
  }
  expect(await fault).toBe('HEADERS_TIMEOUT')
})

test('a stalled body, but not one with a slow reader', async () => {
  answer = `HTTP/1.1 200 OK\r\n\r\n${'x'.repeat(1024)}`
  const { body } = await send()
  if (body instanceof Uint8Array) throw new Error('not a stream')
  await once(body, 'readable')
  vi.advanceTimersByTime(TIMEOUTS.body)
  expect(String(body.read())).toHaveLength(1024)
  vi.advanceTimersByTime(TICK)
  const [error] = await once(body, 'error')
  expect(error).toMatchObject({ code: 'BODY_TIMEOUT' })

  answer = `HTTP/1.1 200 OK\r\n\r\n${'x'.repeat(1024 * 1024)}`
  const large = await send()
  if (large.body instanceof Uint8Array) throw new Error('not a stream')
  await once(large.body, 'readable')
  await settled()
  vi.advanceTimersByTime(10 * TIMEOUTS.body)
  expect(large.body.destroyed).toBe(false)
  large.body.destroy()
})

test('no timeout for the server while a caller uploads slowly', async () => {
  answer = ''
  const more = Promise.withResolvers<void>()
  async function* source() {
    yield Buffer.from('a')
    await more.promise
    yield Buffer.from('b')
  }
  const sent = send({ method: 'POST', body: source() })
  await arrived.promise
  vi.advanceTimersByTime(10 * TIMEOUTS.headers)
  await settled()
  expect(isOpen()).toBe(true)
  more.resolve()
  await settled()
  const fault = codeOf(sent)
  vi.advanceTimersByTime(TIMEOUTS.headers + TICK)
  expect(await fault).toBe('HEADERS_TIMEOUT')
})

test('a queue that does not move while callers upload slowly', async () => {
  answer = ''
  const never = new AbortController()
  async function* source() {
    yield Buffer.from('a')
    await once(never.signal, 'abort')
  }
  const busy = Array.from({ length: CONNECTIONS }, () => {
    return codeOf(send({ method: 'POST', body: source() }))
  })
  await settled()
  expect(server.sockets).toHaveLength(CONNECTIONS)
  const behind = codeOf(send())
  vi.advanceTimersByTime(TIMEOUTS.headers + TICK)
  expect(await behind).toBe('QUEUE_TIMEOUT')
  await client.close()
  never.abort()
  expect(new Set(await Promise.all(busy))).toEqual(new Set(['CLIENT_CLOSED']))
})

test('a connection that is not established, however slow the body', async () => {
  // It speaks TLS to one that never answers.
  answer = ''
  async function* source() {
    while (true) {
      yield Buffer.from('a')
      await turn()
      vi.advanceTimersByTime(TICK)
    }
  }
  const url = new URL(server.url)
  url.protocol = 'https:'
  const overTls = new HttpClient(url, { connections: 1, timeouts: TIMEOUTS })
  const { signal } = new AbortController()
  const body = source()
  const sent = overTls.send({ method: 'POST', path: '/', headers: {}, body, signal })
  const fault = codeOf(sent)
  expect(await fault).toBe('CONNECT_TIMEOUT')
  await body.return()
  await overTls.close()
})

test.each([
  ['for so long', '', 4000],
  ['for as long as the server says', 'keep-alive: timeout=3\r\n', 2000],
])('an unused connection is kept %s', async (_, hint, milliseconds) => {
  answer = `HTTP/1.1 200 OK\r\n${hint}content-length: 0\r\n\r\n`
  await send()
  vi.advanceTimersByTime(milliseconds)
  await send()
  expect(server.sockets).toHaveLength(1)
  vi.advanceTimersByTime(milliseconds + TICK)
  await settled()
  expect(isOpen()).toBe(false)
  await send()
  expect(server.sockets).toHaveLength(2)
})
