import { once } from 'node:events'
import type { Socket } from 'node:net'
import { Readable } from 'node:stream'
import { setImmediate as turn } from 'node:timers/promises'
import { afterEach, expect, test, vi } from 'vitest'
import type { HttpAnswer, HttpRequest } from './exchange.ts'
import { HttpClient } from './http-client.ts'
import { startRawServer, type RawServer } from './raw-server.ts'

const HEAD_END = '\r\n\r\n'
const BROKEN_OFF = /^(?:CONNECTION_CLOSED|ECONNRESET)$/
const TIMEOUTS = { connect: 5000, headers: 30_000, body: 30_000 }

const started: { close(): Promise<void> }[] = []
afterEach(async () => {
  vi.useRealTimers()
  await Promise.all(started.splice(0).map((one) => one.close()))
})

type OnRequest = (socket: Socket, request: string, nth: number) => void

/** A client and a server that is told of each request: its head, or a body's bytes. */
async function connected(onBytes: OnRequest, { connections = 8, timeouts = TIMEOUTS } = {}) {
  const server = await startRawServer(onBytes)
  const client = new HttpClient(server.url, { connections, timeouts })
  started.push(client, server)
  const send = (request: Partial<HttpRequest> = {}) => client.send(requestOf(request))
  return { server, client, send }
}

function requestOf(request: Partial<HttpRequest>): HttpRequest {
  const { signal } = new AbortController()
  return { method: 'GET', path: '/', headers: {}, body: null, signal, ...request }
}

async function textOf({ body }: HttpAnswer): Promise<string> {
  const pieces = body instanceof Uint8Array ? [body] : await body.toArray()
  return Buffer.concat(pieces).toString('latin1')
}

/** Sends a text byte by byte, and ends. */
async function dribble(socket: Socket, text: string): Promise<void> {
  for (const byte of text) {
    socket.write(byte, 'latin1')
    await turn()
  }
  socket.end()
}

const answerOf = (body: string, ...lines: string[]) =>
  ['HTTP/1.1 200 OK', `content-length: ${body.length}`, ...lines, '', body].join('\r\n')

/** The server sees that a connection has ended. */
async function ended({ sockets }: RawServer, nth = 0): Promise<void> {
  const socket = sockets[nth]
  if (socket && !socket.closed) await once(socket, 'close')
}

test('one after the other, requests go over one connection', async () => {
  const { server, send } = await connected((socket, request) => {
    socket.write(answerOf(request.split(' ')[1] ?? ''))
  })
  for (const path of ['/a', '/b', '/c']) expect(await textOf(await send({ path }))).toBe(path)
  expect(server.sockets).toHaveLength(1)
})

test('at the same time, over as many as there may be; others wait for their turn', async () => {
  const waiting: (() => void)[] = []
  const { server, send } = await connected(
    (socket, request) => {
      waiting.push(() => socket.write(answerOf(request.split(' ')[1] ?? '')))
    },
    { connections: 2 },
  )
  const answers = ['/a', '/b', '/c', '/d', '/e'].map(async (path) => textOf(await send({ path })))
  let answered = 0
  while (answered < 5) {
    const next = waiting.shift()
    answered += Number(next !== undefined)
    next?.()
    expect(server.sockets.length).toBeLessThanOrEqual(2)
    await turn()
  }
  expect(await Promise.all(answers)).toEqual(['/a', '/b', '/c', '/d', '/e'])
})

test.each([
  ['of a length', 'content-length: 5\r\n\r\nhello'],
  ['in chunks', 'transfer-encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\nx: y\r\n\r\n'],
  ['up to the end of the connection', '\r\nhello'],
])('an answer %s arrives, however it is cut', async (_, rest) => {
  const text = `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 207 Some\r\nx-a: b\r\n${rest}`
  const { send } = await connected((socket) => void dribble(socket, text))
  const answer = await send()
  expect(answer).toMatchObject({ status: 207, headers: { 'x-a': 'b' } })
  expect(await textOf(answer)).toBe('hello')
})

test('a body goes out with its head, by the length that it has or in chunks', async () => {
  const received: string[] = []
  const { send } = await connected((socket, bytes) => {
    received.push(bytes)
    if (/(?:hello|0\r\n\r\n)$/.test(bytes)) socket.write(answerOf(''))
  })
  const body = () => Readable.from([Buffer.from('hel'), Buffer.alloc(0), Buffer.from('lo')])
  await send({ method: 'POST', headers: { 'content-length': '5' }, body: body() })
  await send({ method: 'PUT', body: body() })
  const [first = '', second = ''] = received.join('').split('hello')
  expect(first).toMatch(/^POST \/ HTTP\/1\.1\r\n(?:.+\r\n)+content-length: 5\r\n\r\n$/)
  expect(second).toMatch(
    /^PUT .*transfer-encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n$/s,
  )
  expect(received[0]).toContain(`${HEAD_END}hel`)
})

test.each([
  ['longer', '4', 'hell'],
  ['shorter', '6', 'hello'],
])('a body %s than its head says ends its connection', async (_, length, most) => {
  let received = ''
  const { server, send } = await connected((_, bytes) => (received += bytes))
  const body = Readable.from([Buffer.from('hell'), Buffer.from('o')])
  const headers = { 'content-length': length }
  const sent = send({ method: 'POST', headers, body })
  await expect(sent).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  await ended(server)
  expect(most.startsWith(received.split(HEAD_END)[1] ?? '')).toBe(true)
})

test('an answer that comes before the body has gone ends the connection, not the body', async () => {
  const { server, send } = await connected((socket, bytes, nth) => {
    if (nth > 0) socket.write(answerOf('second'))
    else if (bytes.startsWith('POST')) socket.write(answerOf('too large'))
  })
  let read = 0
  async function* source() {
    for (; read < 50; read += 1) {
      yield Buffer.from('x')
      await turn()
    }
  }
  expect(await textOf(await send({ method: 'POST', body: source() }))).toBe('too large')
  await ended(server)
  await vi.waitFor(() => expect(read).toBe(50))
  expect(await textOf(await send())).toBe('second')
})

test('a head goes out though its body takes its time', async () => {
  const arrived = Promise.withResolvers<string>()
  const { send } = await connected((socket, bytes) => {
    arrived.resolve(bytes)
    if (bytes.endsWith('0\r\n\r\n')) socket.write(answerOf('taken'))
  })
  async function* source() {
    await arrived.promise
    yield Buffer.from('x')
  }
  const sent = send({ method: 'POST', body: source() })
  expect(await arrived.promise).toMatch(/^POST \/ HTTP\/1\.1\r\n(?:.+\r\n)+\r\n$/)
  expect(await textOf(await sent)).toBe('taken')
})

test('a server that ends and takes no more ends the request at once', async () => {
  const { send } = await connected((socket) => void socket.pause().end())
  const body = Readable.from(Array.from({ length: 64 }, () => Buffer.alloc(1024 * 1024)))
  await expect(send({ method: 'POST', body })).rejects.toMatchObject({
    code: expect.stringMatching(BROKEN_OFF),
  })
})

test('what breaks at the source of a body ends its request', async () => {
  const { server, send } = await connected(() => {})
  async function* source() {
    yield Buffer.from('half')
    throw new Error('the caller broke off')
  }
  await expect(send({ method: 'POST', body: source() })).rejects.toThrow('the caller broke off')
  await ended(server)
})

test('a safe request is sent again where its connection had ended, any other is not', async () => {
  const received: string[] = []
  const { send } = await connected((socket, request, nth) => {
    const [method = ''] = request.split(' ')
    received.push(`${method} over ${nth}`)
    const isSecond = received.filter((one) => one.endsWith(String(nth))).length === 2
    // It ended while the request was on its way.
    if (isSecond) socket.destroy()
    else socket.write(answerOf(method))
  })
  expect(await textOf(await send())).toBe('GET')
  expect(await textOf(await send())).toBe('GET')
  for (const method of ['POST', 'DELETE', 'PUT']) {
    await send({ method: 'OPTIONS' })
    await expect(send({ method })).rejects.toMatchObject({
      code: expect.stringMatching(BROKEN_OFF),
    })
  }
  const lives = [
    'GET over 0, GET over 0',
    'GET over 1, OPTIONS over 1',
    'OPTIONS over 2, POST over 2',
    'OPTIONS over 3, DELETE over 3',
    'OPTIONS over 4, PUT over 4',
  ]
  expect(received.join(', ')).toBe(lives.join(', '))
})

test('a safe request is not sent a third time, nor once something of its answer has come', async () => {
  const received: number[] = []
  let answer = answerOf('first')
  const { send } = await connected((socket, _, nth) => {
    received.push(nth)
    if (answer.endsWith('first') && received.length === 1) socket.write(answer)
    else if (answer === '') socket.destroy()
    else socket.end(answer)
  })
  await send()
  answer = ''
  await expect(send()).rejects.toMatchObject({ code: expect.stringMatching(BROKEN_OFF) })
  expect(received).toEqual([0, 0, 1])

  received.length = 0
  answer = answerOf('first')
  await send()
  answer = 'HTTP/1.1 2'
  await expect(send()).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' })
  expect(received).toEqual([2, 2])
})

test.each([
  ['says that it closes', answerOf('a', 'connection: close')],
  ['sends more than was asked for', `${answerOf('a')}HTTP/1.1 200 OK\r\n`],
  ['is of HTTP/1.0', answerOf('a').replace('1.1', '1.0')],
])('nothing follows an answer that %s', async (_, answer) => {
  const { server, send } = await connected((socket) => void socket.write(answer))
  expect(await textOf(await send())).toBe('a')
  expect(await textOf(await send())).toBe('a')
  await ended(server)
  expect(server.sockets).toHaveLength(2)
})

test.each([
  ['HEAD', answerOf('a').slice(0, -1)],
  ['GET', 'HTTP/1.1 304 Not Modified\r\ncontent-length: 1\r\n\r\n'],
])('nothing follows an answer to a %s whose body may come after all', async (method, answer) => {
  const { server, send } = await connected((socket, _, nth) => {
    if (nth > 0) socket.write(answerOf('b'))
    else socket.write(answer, () => setImmediate(() => socket.write(answerOf('a').slice(-1))))
  })
  const { body } = await send({ method })
  expect(body).toHaveLength(0)
  expect(await textOf(await send())).toBe('b')
  await ended(server)
})

test('what has to wait and changes something doesn’t go out behind the end of an answer', async () => {
  const received: string[] = []
  const { send } = await connected(
    (socket, request, nth) => {
      received.push(`${request.split(' ')[0]} over ${nth}`)
      if (nth === 0) socket.end(answerOf('last'))
      else socket.write(answerOf('first'))
    },
    { connections: 1 },
  )
  const answers = [send(), send({ method: 'POST' }), send({ method: 'DELETE' })]
  expect(await Promise.all(answers.map(async (one) => textOf(await one)))).toEqual([
    'last',
    'first',
    'first',
  ])
  expect(received[0]).toBe('GET over 0')
  expect(received.slice(1).toSorted()).toEqual(['DELETE over 1', 'POST over 1'])
})

test('a connection on which an unasked answer comes is ended', async () => {
  const { server, send } = await connected((socket) => void socket.write(answerOf('a')))
  await send()
  server.sockets[0]?.write(answerOf('b'))
  await ended(server)
  expect(await textOf(await send())).toBe('a')
})

test.each([
  ['is no HTTP', 'SSH-2.0-OpenSSH\r\n'],
  ['has two lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n'],
  ['has a length and is none', 'HTTP/1.1 204 No Content\r\ncontent-length: 1\r\n\r\na'],
  ['never gets past interim ones', `HTTP/1.1 103 Early Hints\r\n\r\n`.repeat(1000)],
  ['has a broken chunk', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nx\r\n'],
])('an answer that %s is refused, and its connection ended', async (_, answer) => {
  const { server, send } = await connected((socket) => void socket.write(answer, 'latin1'))
  const read = send().then(textOf)
  await expect(read).rejects.toMatchObject({ code: 'BAD_ANSWER' })
  await ended(server)
})

test('an answer that breaks off does not look complete', async () => {
  for (const framing of [
    'content-length: 99999',
    'transfer-encoding: chunked',
    'content-length: 9',
  ]) {
    const { send } = await connected((socket) => {
      socket.end(`HTTP/1.1 200 OK\r\n${framing}\r\n\r\n5\r\nhe`)
    })
    await expect(send().then(textOf)).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' })
  }
})

test('an answer that ended while nobody read it arrives whole', async () => {
  const body = 'x'.repeat(300_000)
  for (const head of [`content-length: ${body.length}\r\n`, '']) {
    const { server, send } = await connected((socket) => {
      socket.end(`HTTP/1.1 200 OK\r\n${head}\r\n${body}`)
    })
    const answer = await send()
    await vi.waitFor(() => expect(server.sockets[0]?.writableFinished).toBe(true))
    expect(await textOf(answer)).toBe(body)
  }
})

test('one that goes away ends its request, wherever that is', async () => {
  const arrived = Promise.withResolvers<void>()
  const { server, send } = await connected(
    (socket, request) => {
      if (request.startsWith('GET /begun')) socket.write('HTTP/1.1 200 OK\r\n\r\nhalf')
      else if (request.startsWith('GET /last')) socket.write(answerOf('last'))
      arrived.resolve()
    },
    { connections: 1 },
  )
  const leaving = (path: string) => {
    const caller = new AbortController()
    return { leave: () => caller.abort(), answer: send({ path, signal: caller.signal }) }
  }
  await expect(send({ signal: AbortSignal.abort() })).rejects.toThrow('aborted')
  expect(server.sockets).toHaveLength(0)

  const first = leaving('/silent')
  const behind = leaving('/behind')
  const begun = leaving('/begun')
  await arrived.promise
  behind.leave()
  await expect(behind.answer).rejects.toThrow('aborted')
  first.leave()
  await expect(first.answer).rejects.toThrow('aborted')
  await ended(server)

  const answer = await begun.answer
  begun.leave()
  await expect(textOf(answer)).rejects.toThrow('aborted')
  await ended(server, 1)
  expect(await textOf(await send({ path: '/last' }))).toBe('last')
})

test('an answer whose rest is not wanted ends its connection', async () => {
  const { server, send } = await connected((socket) => {
    socket.write('HTTP/1.1 200 OK\r\n\r\nhalf')
  })
  const { body } = await send()
  if (body instanceof Uint8Array) throw new Error('not a stream')
  body.destroy()
  await ended(server)
})

test('says what the network says', async () => {
  const clientOf = (url: string) => {
    const client = new HttpClient(new URL(url), { connections: 1, timeouts: TIMEOUTS })
    started.push(client)
    return client
  }
  const nobody = clientOf('http://127.0.0.1:9').send(requestOf({}))
  await expect(nobody).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  const nowhere = clientOf('http://emqx.invalid').send(requestOf({}))
  await expect(nowhere).rejects.toMatchObject({
    code: expect.stringMatching(/ENOTFOUND|EAI_AGAIN/),
  })
  const closing = clientOf('http://127.0.0.1:9')
  const early = closing.send(requestOf({}))
  const closed = expect(early).rejects.toMatchObject({ code: 'CLIENT_CLOSED' })
  await Promise.all([closing.close(), closed])
})

test('closing ends what is on its way, what waits and what comes after', async () => {
  const arrived = Promise.withResolvers<void>()
  const { server, client, send } = await connected(() => arrived.resolve(), { connections: 1 })
  const closed = { code: 'CLIENT_CLOSED' }
  const pending = [send(), send(), send({ method: 'POST' })]
  const ends = pending.map((one) => expect(one).rejects.toMatchObject(closed))
  await arrived.promise
  await client.close()
  await Promise.all(ends)
  await expect(send()).rejects.toMatchObject(closed)
  await ended(server)
  await client.close()
})
