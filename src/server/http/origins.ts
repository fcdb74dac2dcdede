import type { IncomingHttpHeaders } from 'node:http'
import { isSafeMethod } from '../../contract/http/safe-methods.ts'
import { isCrossOrigin } from '../../contract/network/cross-origin.ts'
import { isLoopbackHost } from '../../contract/network/loopback.ts'

function parseHostname(authority: string): string | undefined {
  const url = URL.parse(`http://${authority}`)
  return url && url.username === '' && url.pathname === '/' ? url.hostname : undefined
}

/**
 * Whether the `Host` header names this server: PUBLIC_URL's host or a loopback name. Against DNS
 * rebinding: a page whose name was pointed at 127.0.0.1 could try passwords on a local server.
 *
 * A public server accepts any name, since it can't know all of its names. An attacker who could
 * rebind a name to it can reach it directly anyway, and session cookies are bound to their host.
 */
export function isAllowedHost(
  host: string | undefined,
  { publicUrl, isPublic }: { publicUrl: string | null; isPublic: boolean },
): boolean {
  const hostname = host === undefined ? undefined : parseHostname(host)
  if (hostname === undefined) return false
  return isPublic || isLoopbackHost(hostname) || hostname === publicHostname(publicUrl)
}

function publicHostname(publicUrl: string | null): string | undefined {
  return publicUrl === null ? undefined : new URL(publicUrl).hostname
}

/**
 * CSRF: whether a browser sends this write for a page of another origin. Requests without an origin
 * come from scripts, which no page controls. The cookie's `SameSite=Strict` is a second defence.
 */
export function isCrossOriginWrite(
  method: string,
  headers: IncomingHttpHeaders,
  publicUrl: string | null,
): boolean {
  return !isSafeMethod(method) && isCrossOrigin(headers, publicUrl)
}

/**
 * Whether a page may open an MQTT WebSocket: the console's own pages, and local pages, for people
 * who develop a web client. Clients outside a browser send no origin.
 */
export function isAllowedSocketOrigin(
  origin: string | undefined,
  publicUrl: string | null,
): boolean {
  if (origin === undefined || origin === publicUrl) return true
  return isLoopbackHost(URL.parse(origin)?.hostname ?? '')
}
