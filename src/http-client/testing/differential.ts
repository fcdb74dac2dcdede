import { request as httpRequest, type IncomingMessage } from 'node:http'
import { Duplex } from 'node:stream'
import fc from 'fast-check'
import type { ResponseHead } from '../response-head.ts'
import { ResponseReader } from '../response-reader.ts'

/** A response as either parser reads it; header names in lower case. */
export type ReadResponse = { status: number; headers: Record<string, string[]>; body: string }

export const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1')

/**
 * Reads one response with our parser, in pieces that end at the cuts, and then the end of the
 * connection. Throws where the parser does; `response` is undefined for an incomplete one.
 */
export function readWithOurs(method: string, bytes: Buffer, cuts: readonly number[] = []) {
  const reader = new ResponseReader()
  let head: ResponseHead | undefined
  let body = ''
  reader.expect({
    request: { method, path: '/', headers: {}, body: null, signal: AbortSignal.abort() },
    onHead: (received) => (head = received),
    onBody(piece, start, end) {
      body += piece.toString('latin1', start, end)
      return true
    },
  })
  const ends = [...cuts, bytes.length].filter((cut) => cut <= bytes.length)
  // As on a socket, where the buffer still holds older bytes behind the new ones.
  const received = Buffer.from('HTTP/1.1 299 Stale\r\n\r\n'.repeat(2000))
  let start = 0
  for (const end of ends.toSorted((one, other) => one - other)) {
    if (reader.isComplete) return { response: undefined, keepAliveMs: 0 }
    bytes.copy(received, 0, start, end)
    reader.read(received, end - start)
    start = end
  }
  reader.onConnectionEnd()
  if (!head || !reader.isComplete) return { response: undefined, keepAliveMs: 0 }
  const headers: ReadResponse['headers'] = {}
  for (const [name, value] of Object.entries(head.headers)) headers[name] = [value ?? []].flat()
  const response: ReadResponse = { status: head.status, headers, body }
  return { response, keepAliveMs: reader.keepAliveMs }
}

/** Reads one response with Node's own client; undefined where that reports an error. */
async function readWithNode(method: string, bytes: Buffer): Promise<ReadResponse | undefined> {
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
    const headers: ReadResponse['headers'] = {}
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

/** Whether bytes follow the response, so that it is complete without the last of them. */
function hasSurplus(method: string, bytes: Buffer, { body }: ReadResponse): boolean {
  try {
    return readWithOurs(method, bytes.subarray(0, -1)).response?.body === body
  } catch {
    return false
  }
}

/**
 * Reads a response with both parsers where ours accepts it. Undefined where ours refuses it, and
 * where bytes follow it: Node reports those as an error, ours closes the connection.
 */
export async function readWithBoth({ method, bytes, cuts }: Case) {
  let ours: ReadResponse | undefined
  try {
    ours = readWithOurs(method, bytes, cuts).response
  } catch {
    return undefined
  }
  if (!ours || hasSurplus(method, bytes, ours)) return undefined
  return { ours, node: await readWithNode(method, bytes) }
}

type Case = { method: string; bytes: Buffer; cuts: number[] }

/** Mostly the first value. */
const mostly = (first: string, ...others: string[]) =>
  fc.oneof({ arbitrary: fc.constant(first), weight: 19 }, fc.constantFrom(...others))

const lineEnd = mostly('\r\n', '\n', '\r')
const version = mostly('HTTP/1.1', 'HTTP/1.0', 'HTTP/1.3', 'http/1.1')
const status = mostly(
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
  mostly(
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
  mostly('hello', '', 'hel', 'hello!', 'helloHTTP/1.1 200 OK\r\n\r\n'),
)
const chunk = fc
  .tuple(
    fc.string({ maxLength: 20 }),
    mostly('', ';x', ';x=y', ';x="y z"', ' ', ';', '\t;x'),
    mostly('', '0', '00', '-', '+', '0x', ' '),
    fc.boolean(),
  )
  .map(([text, extension, prefix, isUpper]) => {
    const size = text.length.toString(16)
    return `${prefix}${isUpper ? size.toUpperCase() : size}${extension}\r\n${text}\r\n`
  })
const chunks = fc
  .tuple(
    fc.array(chunk, { maxLength: 4 }),
    mostly('0', '000', '0;x=y', '', '0 '),
    mostly('', 't: u\r\n', 't: u\r\nv: w\r\n', 'no colon\r\n', ' t: u\r\n', 't: u\n'),
    mostly('\r\n', '\n', '', '\r', '\r\n\n'),
  )
  .map(([all, last, trailer, end]) => `${all.join('')}${last}\r\n${trailer}${end}`)
const chunked = fc.tuple(
  mostly(
    'transfer-encoding: chunked',
    'Transfer-Encoding: Chunked',
    'transfer-encoding: gzip, chunked',
    'transfer-encoding:',
    'transfer-encoding: chunked, identity',
    'transfer-encoding: identity',
  ),
  chunks,
)
const wellFormed = fc
  .record({
    version,
    status,
    headers: fc.array(fc.tuple(header, lineEnd), { maxLength: 2 }),
    framed: fc.oneof(measured, chunked),
    lineEnds: fc.tuple(lineEnd, lineEnd, lineEnd),
  })
  .map(
    ({ version, status, headers, framed: [framing, body], lineEnds: [first, second, last] }) =>
      `${version} ${status}${first}${headers.flat().join('')}${framing}${second}${last}${body}`,
  )

const SPECIAL = [
  '\r',
  '\n',
  '\r\n',
  ' ',
  '\t',
  ':',
  ';',
  ',',
  '0',
  '5',
  'a',
  '\0',
  '\x7f',
  '\xff',
  '',
]
/** Replaces one character, so that every place of a response is broken in some way. */
const mutated = fc
  .tuple(wellFormed, fc.nat(), fc.constantFrom(...SPECIAL))
  .map(([text, nat, special]) => {
    const at = nat % text.length
    return text.slice(0, at) + special + text.slice(at + 1)
  })

/** Responses, well formed, nearly so and broken, with where they are cut into pieces. */
export const cases: fc.Arbitrary<Case> = fc.record({
  method: fc.constantFrom('GET', 'POST', 'HEAD'),
  bytes: fc.oneof(wellFormed, mutated).map(latin1),
  cuts: fc.array(fc.nat(80), { maxLength: 5 }),
})
