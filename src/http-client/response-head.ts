import type { HeaderBag } from '../contract/http/backend.ts'
import { HttpFault } from './http-fault.ts'
import { TOKEN } from './token.ts'

export type ResponseHead = {
  status: number
  headers: HeaderBag
  /** Where its body ends: after so many bytes, with the last of its chunks, or as the connection does. */
  bodyEnd: number | 'chunked' | 'close'
  /** For how many milliseconds its connection may be kept for another request; 0 for none. */
  keepFor: number
}

// A line ends with both its characters; no control character but a tab has a place in a head.
const FORBIDDEN = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]|\r(?!\n)|(?<!\r)\n/
const LENGTH = /^\d{1,15}$/
const TIMEOUT = /(?:^|[ \t,])timeout=(\d{1,9})(?:[ \t,]|$)/i
// Servers that say nothing keep them for longer, as a rule.
const KEEP_FOR_MAX = 4000
const ON_THE_WAY = 1000
const CLOSE = /(?:^|,)[ \t]*close[ \t]*(?:,|$)/i

/**
 * Parses the head of an answer, by RFC 9112. It is as strict as can be, since whoever reads a head
 * otherwise than its sender takes one answer for two: nothing that the standard lets a client
 * mend is mended. Throws {@link HttpFault}.
 *
 * @param text each byte a character, without the empty line that ends it
 * @param method of the request
 */
export function parseResponseHead(text: string, method: string): ResponseHead {
  if (FORBIDDEN.test(text)) throw new HttpFault('BAD_ANSWER')
  const first = text.indexOf('\r\n')
  const { status, isOld } = statusOf(first === -1 ? text : text.slice(0, first))
  const headers = headersOf(text, first)
  const bodyEnd = bodyEndOf(headers, { method, status, isOld })
  const isKept = !isOld && bodyEnd !== 'close' && !mayTrail(headers, method, status)
  const keepFor = isKept ? keepForOf(headers) : 0
  return { status, headers, bodyEnd, keepFor }
}

/** The status of a status line (RFC 9112 section 4), and whether it is one of HTTP/1.0. */
function statusOf(line: string): { status: number; isOld: boolean } {
  const version = line.slice(0, 9)
  const code = line.slice(9, 12)
  const isWhole = line.length === 12 || line[12] === ' '
  if (
    (version !== 'HTTP/1.1 ' && version !== 'HTTP/1.0 ') ||
    !isWhole ||
    !/^[1-5]\d\d$/.test(code)
  ) {
    throw new HttpFault('BAD_ANSWER')
  }
  return { status: Number(code), isOld: version === 'HTTP/1.0 ' }
}

/** The headers after the end of the status line (RFC 9112 section 5), names in lower case. */
function headersOf(text: string, first: number): HeaderBag {
  const headers: HeaderBag = {}
  let at = first
  while (at !== -1) {
    const start = at + 2
    at = text.indexOf('\r\n', start)
    const end = at === -1 ? text.length : at
    const colon = text.indexOf(':', start)
    const name = text.slice(start, colon).toLowerCase()
    // Also where there is no colon in this line, or where one before goes on (obs-fold).
    if (colon === -1 || colon > end || !TOKEN.test(name)) throw new HttpFault('BAD_ANSWER')
    const value = withoutSpace(text, colon + 1, end)
    const before = headers[name]
    // The prototype's own may have the same name.
    if (before === undefined || !Object.hasOwn(headers, name)) headers[name] = value
    else if (Array.isArray(before)) before.push(value)
    else headers[name] = [before, value]
  }
  return headers
}

function withoutSpace(text: string, from: number, to: number): string {
  let [start, end] = [from, to]
  while (start < end && isSpace(text.charCodeAt(start))) start += 1
  while (start < end && isSpace(text.charCodeAt(end - 1))) end -= 1
  return text.slice(start, end)
}

// The language's own trim takes characters away that are others in HTTP.
function isSpace(code: number): boolean {
  return code === 32 || code === 9
}

/** Where a body ends (RFC 9112 section 6.3). */
function bodyEndOf(
  headers: HeaderBag,
  { method, status, isOld }: { method: string; status: number; isOld: boolean },
): ResponseHead['bodyEnd'] {
  const { 'content-length': length, 'transfer-encoding': encoding } = headers
  const isEncoded = encoding !== undefined
  const isMeasured = length !== undefined
  // Both at once, or one of them twice: whoever reads the other one sees another end.
  const isPlain = !isMeasured || (typeof length === 'string' && LENGTH.test(length))
  const isChunked = typeof encoding === 'string' && encoding.toLowerCase() === 'chunked'
  if (!isPlain || (isEncoded && (isMeasured || isOld || !isChunked))) {
    throw new HttpFault('BAD_ANSWER')
  }
  // Nobody asked for another protocol, and what is empty has no length (RFC 9110 section 8.6).
  if (status === 101 || (status === 204 && saysBody(headers))) throw new HttpFault('BAD_ANSWER')
  if (method === 'HEAD' || status < 200 || status === 204 || status === 304) return 0
  if (isEncoded) return 'chunked'
  return isMeasured ? Number(length) : 'close'
}

function saysBody({ 'content-length': length, 'transfer-encoding': encoding }: HeaderBag): boolean {
  return encoding !== undefined || (length !== undefined && Number(length) !== 0)
}

/**
 * Whether a server that is wrong about it may send a body where there is none. It could come
 * after the next request has gone, and would be the answer to that.
 */
function mayTrail(headers: HeaderBag, method: string, status: number): boolean {
  return method === 'HEAD' || (status === 304 && saysBody(headers))
}

/** A server may say that it closes (RFC 9112 section 9.6), or for how long it keeps (RFC 2068). */
function keepForOf({ connection, 'keep-alive': hint }: HeaderBag): number {
  if (connection !== undefined && CLOSE.test(String(connection))) return 0
  const seconds = hint === undefined ? undefined : TIMEOUT.exec(String(hint))?.[1]
  if (seconds === undefined) return KEEP_FOR_MAX
  return Math.max(0, Math.min(KEEP_FOR_MAX, Number(seconds) * 1000 - ON_THE_WAY))
}
