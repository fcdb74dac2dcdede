import type { HeaderBag } from '../contract/http/backend.ts'
import { HttpFault } from './http-fault.ts'
import { TOKEN } from './token.ts'

export type RequestHead = {
  method: string
  /** The path with its query, as it is to be sent. */
  path: string
  /** Names in lower case. Those of the writer's own, and those that frame the message, don't count. */
  headers: HeaderBag
  /** Whether a body follows. */
  hasBody: boolean
}

/** Writes a request's head, each character a byte. Throws {@link HttpFault}. */
export type WriteRequestHead = (request: RequestHead) => string

const TARGET = /^\/[\x21-\x7e\x80-\xff]*$/
const LINE = /^[\w!#$%&'*+.^`|~-]+: [\t\x20-\x7e\x80-\xff]*$/
const LENGTH = /^\d+$/
// Servers expect a length of these, even of nothing (RFC 9110 section 8.6).
const WITH_CONTENT = new Set(['POST', 'PUT', 'PATCH'])

/**
 * Writes heads of requests to one host (RFC 9112 section 3), each with headers of its own, these,
 * and its body's framing: the length that its headers tell, or chunks. What could end a line or
 * the head early is refused.
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
    if (!TOKEN.test(method) || !TARGET.test(path)) throw new HttpFault('BAD_REQUEST')
    let head = `${method} ${path}${start}`
    for (const name in headers) {
      const value = headers[name]
      if (value === undefined || names.has(name)) continue
      if (typeof value === 'string') head += headerLine(name, value)
      else for (const one of value) head += headerLine(name, one)
    }
    return `${head}${framingOf(method, hasBody, headers)}\r\n`
  }
}

/** The length of the body that follows, as its headers tell it; null where they don't. */
export function lengthOf({ 'content-length': length }: HeaderBag): number | null {
  if (length === undefined) return null
  const number = Number(length)
  if (!LENGTH.test(String(length)) || !Number.isSafeInteger(number)) {
    throw new HttpFault('BAD_REQUEST')
  }
  return number
}

function framingOf(method: string, hasBody: boolean, headers: HeaderBag): string {
  if (!hasBody) return WITH_CONTENT.has(method) ? 'content-length: 0\r\n' : ''
  const length = lengthOf(headers)
  return length === null ? 'transfer-encoding: chunked\r\n' : `content-length: ${length}\r\n`
}

function headerLine(name: string, value: string): string {
  const line = `${name}: ${value}`
  if (name.includes(':') || !LINE.test(line)) throw new HttpFault('BAD_REQUEST')
  return `${line}\r\n`
}
