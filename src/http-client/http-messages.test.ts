import type { Socket } from 'node:net'
import { Readable } from 'node:stream'
import { setImmediate as turn } from 'node:timers/promises'
import { afterEach, expect, test, vi } from 'vitest'
import {
  responseText,
  CONNECTION_LOST,
  connected,
  disconnect,
  ended,
  textOf,
} from './testing/raw-server.ts'

const HEAD_END = '\r\n\r\n'

afterEach(disconnect)

/** Sends a text byte by byte, and ends. */
async function dribble(socket: Socket, text: string): Promise<void> {
  for (const byte of text) {
    socket.write(byte, 'latin1')
    await turn()
  }
  socket.end()
}

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

test('a body is sent with its head, measured or chunked', async () => {
  const received: string[] = []
  const { send } = await connected((socket, bytes) => {
    received.push(bytes)
    if (/(?:hello|0\r\n\r\n)$/.test(bytes)) socket.write(responseText(''))
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

test('an early response closes the connection; the source of the body is drained', async () => {
  const { server, send } = await connected((socket, bytes, nth) => {
    if (nth > 0) socket.write(responseText('second'))
    else if (bytes.startsWith('POST')) socket.write(responseText('too large'))
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

test('a head is sent before a slow body', async () => {
  const arrived = Promise.withResolvers<string>()
  const { send } = await connected((socket, bytes) => {
    arrived.resolve(bytes)
    if (bytes.endsWith('0\r\n\r\n')) socket.write(responseText('taken'))
  })
  async function* source() {
    await arrived.promise
    yield Buffer.from('x')
  }
  const sent = send({ method: 'POST', body: source() })
  expect(await arrived.promise).toMatch(/^POST \/ HTTP\/1\.1\r\n(?:.+\r\n)+\r\n$/)
  expect(await textOf(await sent)).toBe('taken')
})

test('a server that closes fails the request at once', async () => {
  const { send } = await connected((socket) => void socket.pause().end())
  const body = Readable.from(Array.from({ length: 64 }, () => Buffer.alloc(1024 * 1024)))
  await expect(send({ method: 'POST', body })).rejects.toMatchObject({
    code: expect.stringMatching(CONNECTION_LOST),
  })
})

test('an error of the body’s source fails the request', async () => {
  const { server, send } = await connected(() => {})
  async function* source() {
    yield Buffer.from('half')
    throw new Error('the caller broke off')
  }
  await expect(send({ method: 'POST', body: source() })).rejects.toThrow('the caller broke off')
  await ended(server)
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
  await expect(read).rejects.toMatchObject({ code: 'BAD_RESPONSE' })
  await ended(server)
})

test('a broken response does not look complete', async () => {
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

test('a response that ended before it was read arrives complete', async () => {
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
