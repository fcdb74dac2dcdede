import { HttpClientError } from './http-client-error.ts'
import type { HttpHeaders } from './http-headers.ts'
import { TOKEN } from './token.ts'

export type RequestHead = {
  method: string
  /** Path and query, byte for byte as sent. */
  path: string
  /** Names in lower case. The client's own and those that frame the message are ignored. */
  headers: HttpHeaders
  /** Whether a body follows. */
  hasBody: boolean
}

/** Writes the head of a request, one character per byte. Throws {@link HttpClientError}. */
export type WriteRequestHead = (request: RequestHead) => string

const TARGET = /^\/[\x21-\x7e\x80-\xff]*$/
const LINE = /^[\w!#$%&'*+.^`|~-]+: [\t\x20-\x7e\x80-\xff]*$/
const LENGTH = /^\d+$/
// Servers expect a content-length of these even without a body (RFC 9110 section 8.6).
const WITH_CONTENT = new Set(['POST', 'PUT', 'PATCH'])

/**
 * Makes the writer of request heads for one host (RFC 9112 section 3). A head has the client's own
 * headers, the request's, and the framing of the body: its content-length, or chunked. To prevent
 * request splitting, a character that could end a line is refused.
 */
export function requestHeadWriter(
  host: string,
  own: Readonly<Record<string, string>>,
): WriteRequestHead {
  const always = { host, connection: 'keep-alive', ...own }
  const names = new Set([...Object.keys(always), 'content-length', 'transfer-encoding'])
  const lines = Object.entries(always).map(([name, value]) => headerLine(name, value))
  const start = ` HTTP/1.1\r\n${lines.join('')}`

  return ({ method, path, headers, hasBody }) => {
    if (!TOKEN.test(method) || !TARGET.test(path)) throw new HttpClientError('BAD_REQUEST')
    let head = `${method} ${path}${start}`
    for (const name in headers) {
      const value = headers[name]
      if (value === undefined || names.has(name)) continue
      if (typeof value === 'string') head += headerLine(name, value)
      else for (const one of value) head += headerLine(name, one)
    }
    return `${head}${framingHeader(method, hasBody, headers)}\r\n`
  }
}

/** The content-length among the headers, null without one. Throws {@link HttpClientError}. */
export function contentLength({ 'content-length': length }: HttpHeaders): number | null {
  if (length === undefined) return null
  const number = Number(length)
  if (!LENGTH.test(String(length)) || !Number.isSafeInteger(number)) {
    throw new HttpClientError('BAD_REQUEST')
  }
  return number
}

function framingHeader(method: string, hasBody: boolean, headers: HttpHeaders): string {
  if (!hasBody) return WITH_CONTENT.has(method) ? 'content-length: 0\r\n' : ''
  const length = contentLength(headers)
  return length === null ? 'transfer-encoding: chunked\r\n' : `content-length: ${length}\r\n`
}

function headerLine(name: string, value: string): string {
  const line = `${name}: ${value}`
  if (name.includes(':') || !LINE.test(line)) throw new HttpClientError('BAD_REQUEST')
  return `${line}\r\n`
}
