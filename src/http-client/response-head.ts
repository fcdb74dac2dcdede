import { HttpClientError } from './http-client-error.ts'
import type { HttpHeaders } from './http-headers.ts'
import { TOKEN } from './token.ts'

export type ResponseHead = {
  status: number
  headers: HttpHeaders
  /** How the body ends: after that many bytes, with its last chunk, or with the connection. */
  bodyFraming: number | 'chunked' | 'close'
  /** How many milliseconds the connection may stay idle and be used again; 0 for never. */
  keepAliveMs: number
}

// Lines end with CR LF. Other control characters than a tab are forbidden in a head.
const FORBIDDEN = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]|\r(?!\n)|(?<!\r)\n/
const LENGTH = /^\d{1,15}$/
const TIMEOUT = /(?:^|[ \t,])timeout=(\d{1,9})(?:[ \t,]|$)/i
// Servers that don't say how long they keep a connection keep it for longer, as a rule.
const KEEP_ALIVE_MAX_MS = 4000
const KEEP_ALIVE_MARGIN_MS = 1000
const CLOSE = /(?:^|,)[ \t]*close[ \t]*(?:,|$)/i

/**
 * Parses the head of a response (RFC 9112). A client that reads a head differently from its sender
 * is open to response splitting, so nothing is repaired that the RFC lets a client repair. Throws
 * {@link HttpClientError}.
 *
 * @param text one character per byte, without the empty line at the end
 * @param method the request's
 */
export function parseResponseHead(text: string, method: string): ResponseHead {
  if (FORBIDDEN.test(text)) throw new HttpClientError('BAD_RESPONSE')
  const first = text.indexOf('\r\n')
  const { status, isHttp10 } = parseStatusLine(first === -1 ? text : text.slice(0, first))
  const headers = parseHeaders(text, first)
  const bodyFraming = bodyFramingFor(headers, { method, status, isHttp10 })
  const isKept = !isHttp10 && bodyFraming !== 'close' && !mayHaveStrayBody(headers, method, status)
  const keepAliveMs = isKept ? keepAliveFrom(headers) : 0
  return { status, headers, bodyFraming, keepAliveMs }
}

/** Parses a status line (RFC 9112 section 4). */
function parseStatusLine(line: string): { status: number; isHttp10: boolean } {
  const version = line.slice(0, 9)
  const code = line.slice(9, 12)
  const isDelimited = line.length === 12 || line[12] === ' '
  if (
    (version !== 'HTTP/1.1 ' && version !== 'HTTP/1.0 ') ||
    !isDelimited ||
    !/^[1-5]\d\d$/.test(code)
  ) {
    throw new HttpClientError('BAD_RESPONSE')
  }
  return { status: Number(code), isHttp10: version === 'HTTP/1.0 ' }
}

/** Parses the headers after the status line (RFC 9112 section 5). Names in lower case. */
function parseHeaders(text: string, first: number): HttpHeaders {
  const headers: HttpHeaders = {}
  let at = first
  while (at !== -1) {
    const start = at + 2
    at = text.indexOf('\r\n', start)
    const end = at === -1 ? text.length : at
    const colon = text.indexOf(':', start)
    const name = text.slice(start, colon).toLowerCase()
    // Covers lines without a colon and folded lines (obs-fold) as well.
    if (colon === -1 || colon > end || !TOKEN.test(name)) throw new HttpClientError('BAD_RESPONSE')
    const value = trimWhitespace(text, colon + 1, end)
    const before = headers[name]
    // Object.prototype has members of such names.
    if (before === undefined || !Object.hasOwn(headers, name)) headers[name] = value
    else if (Array.isArray(before)) before.push(value)
    else headers[name] = [before, value]
  }
  return headers
}

function trimWhitespace(text: string, from: number, to: number): string {
  let [start, end] = [from, to]
  while (start < end && isSpace(text.charCodeAt(start))) start += 1
  while (start < end && isSpace(text.charCodeAt(end - 1))) end -= 1
  return text.slice(start, end)
}

// String.prototype.trim removes characters that are part of a value in HTTP.
function isSpace(code: number): boolean {
  return code === 32 || code === 9
}

/** How the body ends (RFC 9112 section 6.3). */
function bodyFramingFor(
  headers: HttpHeaders,
  { method, status, isHttp10 }: { method: string; status: number; isHttp10: boolean },
): ResponseHead['bodyFraming'] {
  const { 'content-length': length, 'transfer-encoding': encoding } = headers
  const isEncoded = encoding !== undefined
  const isMeasured = length !== undefined
  // Two framings contradict each other: response smuggling (RFC 9112 section 11.2).
  const isPlain = !isMeasured || (typeof length === 'string' && LENGTH.test(length))
  const isChunked = typeof encoding === 'string' && encoding.toLowerCase() === 'chunked'
  if (!isPlain || (isEncoded && (isMeasured || isHttp10 || !isChunked))) {
    throw new HttpClientError('BAD_RESPONSE')
  }
  // No upgrade was asked for, and a 204 has no length (RFC 9110 section 8.6).
  if (status === 101 || (status === 204 && declaresBody(headers)))
    throw new HttpClientError('BAD_RESPONSE')
  if (method === 'HEAD' || status < 200 || status === 204 || status === 304) return 0
  if (isEncoded) return 'chunked'
  return isMeasured ? Number(length) : 'close'
}

function declaresBody({
  'content-length': length,
  'transfer-encoding': encoding,
}: HttpHeaders): boolean {
  return encoding !== undefined || (length !== undefined && Number(length) !== 0)
}

/**
 * Whether a faulty server could send a body where the RFC allows none. If it arrived after the next
 * request, it would pass for the response to that.
 */
function mayHaveStrayBody(headers: HttpHeaders, method: string, status: number): boolean {
  return method === 'HEAD' || (status === 304 && declaresBody(headers))
}

/** Reads `connection: close` (RFC 9112 section 9.6) and `keep-alive: timeout` (RFC 2068). */
function keepAliveFrom({ connection, 'keep-alive': hint }: HttpHeaders): number {
  if (connection !== undefined && CLOSE.test(String(connection))) return 0
  const seconds = hint === undefined ? undefined : TIMEOUT.exec(String(hint))?.[1]
  if (seconds === undefined) return KEEP_ALIVE_MAX_MS
  return Math.max(0, Math.min(KEEP_ALIVE_MAX_MS, Number(seconds) * 1000 - KEEP_ALIVE_MARGIN_MS))
}
