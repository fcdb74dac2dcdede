import { request as httpRequest, type IncomingMessage } from 'node:http'
import { Duplex } from 'node:stream'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ResponseHead } from './response-head.ts'
import { ResponseReader } from './response-reader.ts'

type Answer = { status: number; headers: Record<string, string[]>; body: string }

/** Reads one answer in pieces that end at these places, and then the end of the connection. */
function readOf(method: string, bytes: Buffer, cuts: readonly number[] = []) {
  const reader = new ResponseReader()
  let head: ResponseHead | undefined
  let body = ''
  reader.expect({
    request: { method, path: '/', headers: {}, body: null, signal: AbortSignal.abort() },
    begin: (begun) => (head = begun),
    take(bytes, start, end) {
      body += bytes.toString('latin1', start, end)
      return true
    },
  })
  const ends = [...cuts, bytes.length].filter((cut) => cut <= bytes.length)
  // As on a socket, where what came before is still behind what comes now.
  const received = Buffer.from(`HTTP/1.1 299 Stale\r\n\r\n`.repeat(2000))
  let start = 0
  for (const end of ends.toSorted((one, other) => one - other)) {
    if (reader.isWhole) return { answer: undefined, keepFor: 0 }
    bytes.copy(received, 0, start, end)
    reader.take(received, end - start)
    start = end
  }
  reader.takeEnd()
  if (!head || !reader.isWhole) return { answer: undefined, keepFor: 0 }
  const headers: Answer['headers'] = {}
  for (const [name, value] of Object.entries(head.headers)) headers[name] = [value ?? []].flat()
  const answer: Answer = { status: head.status, headers, body }
  return { answer, keepFor: reader.keepFor }
}

/** What Node's own client reads. */
async function nodeReadOf(method: string, bytes: Buffer): Promise<Answer | undefined> {
  const connection = new Duplex({ read() {}, write: (_piece, _encoding, done) => done() })
  connection.push(bytes)
  connection.push(null)
  const request = httpRequest({ method, createConnection: () => connection })
  const response = new Promise<IncomingMessage>((resolve, reject) => {
    request.on('response', resolve).on('error', reject)
  })
  request.end()
  try {
    const message = await response
    const { statusCode: status = 0, rawHeaders } = message
    const headers: Answer['headers'] = {}
    for (let at = 0; at < rawHeaders.length; at += 2) {
      const name = rawHeaders[at]?.toLowerCase() ?? ''
      ;(headers[name] ??= []).push(rawHeaders[at + 1] ?? '')
    }
    let body = ''
    for await (const piece of message.setEncoding('latin1')) body += String(piece)
    return { status, headers, body }
  } catch {
    return undefined
  }
}

const bytesOf = (text: string) => Buffer.from(text, 'latin1')

test('takes interim answers for what they are, and the one that counts at whatever cut', () => {
  const bytes = bytesOf(
    'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello',
  )
  const whole = {
    answer: { status: 200, headers: { 'content-length': ['5'] }, body: 'hello' },
    keepFor: 4000,
  }
  for (let cut = 0; cut < bytes.length; cut += 1) {
    expect(readOf('GET', bytes, [cut])).toEqual(whole)
  }
  const everywhere = Array.from({ length: bytes.length }, (_, at) => at)
  expect(readOf('GET', bytes, everywhere)).toEqual(whole)
})

test.each([
  ['GET', 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nokHTTP/1.1 200 OK\r\n'],
  ['GET', 'HTTP/1.1 204 No Content\r\n\r\nx'],
  ['HEAD', 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'],
  ['GET', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n\n'],
])('a connection with more on it than the answer to a %s is of no use: %j', (method, text) => {
  const { answer, keepFor } = readOf(method, bytesOf(text))
  expect(answer?.status).toBeGreaterThanOrEqual(200)
  expect(keepFor).toBe(0)
})

test('sees from the first byte what is no answer, and how long a head may be', () => {
  expect(() => readOf('GET', bytesOf('S'))).toThrow('not HTTP/1.1')
  expect(() => readOf('GET', bytesOf('HTTP/2'))).toThrow('not HTTP/1.1')
  const long = (length: number) => `HTTP/1.1 200 OK\r\nx: ${'y'.repeat(length)}`
  expect(() => readOf('GET', bytesOf(long(17_000)))).toThrow('not HTTP/1.1')
  expect(() => readOf('GET', bytesOf(`${long(17_000)}\r\n\r\n`))).toThrow('not HTTP/1.1')
  expect(readOf('GET', bytesOf(`${long(16_000)}\r\n\r\n`)).answer?.status).toBe(200)
})

/** Mostly the first. */
const oftenFirst = (first: string, ...others: string[]) =>
  fc.oneof({ arbitrary: fc.constant(first), weight: 19 }, fc.constantFrom(...others))
/** Whether there is more than the answer, which is whole without the last byte then. */
function hasMore(method: string, bytes: Buffer, { body }: Answer): boolean {
  try {
    return readOf(method, bytes.subarray(0, -1)).answer?.body === body
  } catch {
    return false
  }
}

const eol = oftenFirst('\r\n', '\n', '\r')
const version = oftenFirst('HTTP/1.1', 'HTTP/1.0', 'HTTP/1.3', 'http/1.1')
const status = oftenFirst(
  '200 OK',
  '200',
  '404 Not Found',
  '204 No Content',
  '304 Not Modified',
  '299 \xe4',
  '101 x',
)
const header = fc.oneof(
  fc.constantFrom('a: b', 'A:b', 'x-y:  \tz\t ', 'x: \xe4\xa0', 'date: now', 'trailer: x'),
  fc.constantFrom('set-cookie: a=b', 'Set-Cookie: c=d', 'connection: x', 'keep-alive: timeout=5'),
  fc.constantFrom('content-length: 5', 'content-length: 3', 'transfer-encoding: chunked'),
  fc.constantFrom(' folded', '\tfolded: x', 'no colon', ': no name', 'a b: c', 'nul: \0', 'x : y'),
)
const measured = fc.tuple(
  oftenFirst(
    'content-length: 5',
    'content-length: 005',
    'Content-Length:5 ',
    'content-length: 3',
    'content-length: 0',
    'content-length: 5, 5',
    'content-length: +5',
    'content-length : 5',
    'content-length: 0x5',
  ),
  oftenFirst('hello', '', 'hel', 'hello!', 'helloHTTP/1.1 200 OK\r\n\r\n'),
)
const chunked = fc.tuple(
  oftenFirst(
    'transfer-encoding: chunked',
    'Transfer-Encoding: Chunked',
    'transfer-encoding: gzip, chunked',
    'transfer-encoding:',
    'transfer-encoding: chunked, identity',
    'transfer-encoding: identity',
  ),
  fc.oneof(
    fc.constantFrom('5\r\nhello\r\n0\r\n\r\n', '0\r\n\r\n', '003\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n'),
    fc.constantFrom(
      '5;x=y\r\nhello\r\n0\r\n\r\n',
      '0\r\nt: u\r\n\r\n',
      'A\r\n0123456789\r\n0\r\n\r\n',
    ),
    fc.constantFrom(
      '5\nhello\n0\n\n',
      '5 \r\nhello\r\n0\r\n\r\n',
      '5\r\nhello0\r\n\r\n',
      '-1\r\n\r\n',
    ),
    fc.constantFrom(
      '0\r\nx\r\n\r\n',
      '5 5\r\nhello\r\n0\r\n\r\n',
      '0\r\n\r',
      'hello',
      '5;\r\nhello\r\n',
    ),
  ),
)
const answer = fc
  .record({
    version,
    status,
    headers: fc.array(fc.tuple(header, eol), { maxLength: 2 }),
    framed: fc.oneof(measured, chunked),
    eols: fc.tuple(eol, eol, eol),
  })
  .map(({ version, status, headers, framed: [framing, body], eols: [first, second, last] }) =>
    bytesOf(
      `${version} ${status}${first}${headers.flat().join('')}${framing}${second}${last}${body}`,
    ),
  )

test('whatever it takes for an answer, Node takes for the same', async () => {
  let taken = 0
  const method = fc.constantFrom('GET', 'POST', 'HEAD')
  await fc.assert(
    fc.asyncProperty(method, answer, fc.array(fc.nat(80)), async (method, bytes, cuts) => {
      let read
      try {
        read = readOf(method, bytes, cuts)
      } catch {
        return
      }
      // What follows an answer, Node takes for a fault of the answer.
      if (!read.answer || hasMore(method, bytes, read.answer)) return
      taken += 1
      expect(read.answer).toEqual(await nodeReadOf(method, bytes))
    }),
    { numRuns: 5000 },
  )
  expect(taken).toBeGreaterThan(500)
})
