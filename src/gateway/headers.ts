import type { HeaderBag } from '../contract/backend.ts'

// RFC 9110 section 7.6.1, and those of older practice that mean one connection as well.
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

// The caller's credentials are for the gateway alone, `host` names it, and it has answered
// `expect`; a method or path other than the one checked must not reach the backend by a side door.
// Where a call comes from, the gateway says itself: EMQX writes that into its own audit log.
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

// These speak for the origin that sends them, which to the caller is the gateway's; so does the
// name that a request has in its log.
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

/** The headers of a call that go on to the backend. */
export function forwardedHeaders(headers: HeaderBag): HeaderBag {
  return without(headers, (name) => NOT_FORWARDED.has(name) || name.startsWith('x-forwarded-'))
}

/**
 * The headers of a backend's answer that go on to the caller. The console lives on the same
 * origin, so a page that comes this way gets no scripts, no origin and no place in a frame.
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
  const named = headers['connection'] === undefined ? [] : listed(headers['connection'])
  const kept: HeaderBag = {}
  for (const name in headers) {
    if (!isDropped(name) && !named.includes(name)) kept[name] = headers[name]
  }
  return kept
}

/** The header names that `Connection` lists: they are meant for this connection only. */
function listed(connection: string | string[]): string[] {
  return String(connection)
    .split(',')
    .map((name) => name.trim().toLowerCase())
}

/**
 * The query without `_method`, by which some frameworks override the method; else as it came.
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
  // A name that isn't UTF-8 may be decoded byte by byte behind us; `_method` is ASCII either way.
  const decoded = name.replaceAll(/%([0-9a-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
  return decoded.trim().toLowerCase() === '_method'
}
