import type { HeaderBag } from '../../../contract/backend.ts'
import { HttpFault } from './http-fault.ts'

export type RequestHead = {
  method: string
  /** The path with its query, as it is to be sent. */
  path: string
  /** Names in lower case; those that frame the message are written anew. */
  headers: HeaderBag
  /** Whether a body follows. */
  hasBody: boolean
}

const TOKEN = /^[\w!#$%&'*+.^`|~-]+$/
const TARGET = /^\/[\x21-\x7e\x80-\xff]*$/
const NO_VALUE = /[^\t\x20-\x7e\x80-\xff]/
const LENGTH = /^\d{1,15}$/
// Servers expect a length of these, even of nothing (RFC 9110 section 8.6).
const WITH_CONTENT = new Set(['POST', 'PUT', 'PATCH'])

/**
 * Writes a request's head (RFC 9112 section 3), each character a byte, with its body's framing:
 * the length that its headers tell, or chunks. What could end a line or the head early is refused:
 * throws {@link HttpFault}.
 */
export function requestHead(host: string, { method, path, headers, hasBody }: RequestHead): string {
  if (!TOKEN.test(method) || !TARGET.test(path)) throw new HttpFault('BAD_REQUEST')
  let head = `${method} ${path} HTTP/1.1\r\nhost: ${host}\r\nconnection: keep-alive\r\n`
  for (const name in headers) {
    const value = headers[name]
    if (value === undefined || isFraming(name)) continue
    if (typeof value === 'string') head += headerLine(name, value)
    else for (const one of value) head += headerLine(name, one)
  }
  const length = lengthOf(headers)
  if (hasBody)
    head += length === null ? 'transfer-encoding: chunked\r\n' : `content-length: ${length}\r\n`
  else if (WITH_CONTENT.has(method)) head += 'content-length: 0\r\n'
  return `${head}\r\n`
}

function isFraming(name: string): boolean {
  return name === 'content-length' || name === 'transfer-encoding' || name === 'host'
}

/** The length of the body that follows, as its headers tell it; null where they don't. */
export function lengthOf({ 'content-length': length }: HeaderBag): number | null {
  if (length === undefined) return null
  if (typeof length !== 'string' || !LENGTH.test(length)) throw new HttpFault('BAD_REQUEST')
  return Number(length)
}

function headerLine(name: string, value: string): string {
  if (!TOKEN.test(name) || NO_VALUE.test(value)) throw new HttpFault('BAD_REQUEST')
  return `${name}: ${value}\r\n`
}
