import type { HeaderBag } from '../contract/backend.ts'

// Hop-by-hop headers: RFC 9110 section 7.6.1, and older ones that also mean one connection.
const HOP_BY_HOP = [
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]

// Not for the backend: the caller's credentials; `host` and `expect`, which the gateway handles
// itself; headers that override the method or path, which would bypass the access rules; and
// headers that claim the client's address, which EMQX writes into its audit log: the gateway sets
// its own.
const NOT_FORWARDED = new Set([
  ...HOP_BY_HOP,
  'authorization',
  'cookie',
  'expect',
  'forwarded',
  'host',
  'http2-settings',
  'x-http-method',
  'x-http-method-override',
  'x-method-override',
  'x-original-url',
  'x-real-ip',
  'x-rewrite-url',
])

// Not for the caller: headers that make statements about an origin, which for the caller is the
// gateway's, and the request id of the backend's log.
const NOT_ANSWERED = new Set([
  ...HOP_BY_HOP,
  'alt-svc',
  'clear-site-data',
  'nel',
  'report-to',
  'reporting-endpoints',
  'set-cookie',
  'set-cookie2',
  'strict-transport-security',
  'www-authenticate',
  'x-request-id',
])

/** The headers of a call that are forwarded to the backend. */
export function forwardedHeaders(headers: HeaderBag): HeaderBag {
  return without(headers, (name) => NOT_FORWARDED.has(name) || name.startsWith('x-forwarded-'))
}

/**
 * The headers of a backend's answer that are forwarded to the caller. The console has the same
 * origin, so a page from a backend is sandboxed: no scripts, no access to the origin, no frames.
 */
export function answeredHeaders(headers: HeaderBag): HeaderBag {
  return {
    'cache-control': 'no-store',
    ...without(headers, (name) => NOT_ANSWERED.has(name) || name.startsWith('access-control-')),
    'content-security-policy': "default-src 'none'; sandbox",
    'x-content-type-options': 'nosniff',
  }
}

function without(headers: HeaderBag, isDropped: (name: string) => boolean): HeaderBag {
  const connection = headers['connection']
  const named = connection === undefined ? [] : connectionOptions(connection)
  const kept: HeaderBag = {}
  for (const name in headers) {
    if (!isDropped(name) && !named.includes(name)) kept[name] = headers[name]
  }
  return kept
}

/** The headers that `Connection` names: they are hop-by-hop as well (RFC 9110 section 7.6.1). */
function connectionOptions(connection: string | string[]): string[] {
  return String(connection)
    .split(',')
    .map((name) => name.trim().toLowerCase())
}

/**
 * The query byte for byte, but without `_method`, by which some frameworks override the method.
 *
 * @param rawQuery with its `?`, or empty
 */
export function forwardedQuery(rawQuery: string): string {
  if (!/method/i.test(rawQuery) && !rawQuery.includes('%')) return rawQuery
  const parts = rawQuery.slice(1).split('&')
  const kept = parts.filter((part) => !isMethodOverride(part))
  if (kept.length === parts.length) return rawQuery
  return kept.length === 0 ? '' : `?${kept.join('&')}`
}

function isMethodOverride(parameter: string): boolean {
  const [name = ''] = parameter.split('=', 1)
  // Byte by byte, as a backend may do it: the name needn't be UTF-8, and `_method` is ASCII.
  const decoded = name.replaceAll(/%([0-9a-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
  return decoded.trim().toLowerCase() === '_method'
}
