import type { IncomingHttpHeaders } from 'node:http'
import { isFromForeignPage } from '../gateway/foreign-page.ts'

const LOOPBACK_NAME = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/

function hostnameOf(authority: string): string | undefined {
  const url = URL.parse(`http://${authority}`)
  return url && url.username === '' && url.pathname === '/' ? url.hostname : undefined
}

/**
 * Whether a `Host` header is one that Latchkey goes by: a loopback name, or PUBLIC_URL's. While
 * there is no sign-in, this keeps out pages whose own name was pointed at 127.0.0.1 (DNS
 * rebinding).
 */
export function isOwnHost(host: string | undefined, publicUrl: string | null): boolean {
  const hostname = host === undefined ? undefined : hostnameOf(host)
  if (hostname === undefined) return false
  return LOOPBACK_NAME.test(hostname) || hostname === publicHostname(publicUrl)
}

function publicHostname(publicUrl: string | null): string | undefined {
  return publicUrl === null ? undefined : new URL(publicUrl).hostname
}

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Whether a page of another origin sends this request to change something. Browsers say so by
 * Fetch Metadata and by the Fetch standard's `Origin`; what isn't a browser says neither.
 */
export function isForeignWrite(
  method: string,
  headers: IncomingHttpHeaders,
  publicUrl: string | null,
): boolean {
  if (SAFE_METHODS.has(method)) return false
  if (isFromForeignPage(headers)) return true
  const { origin, host } = headers
  if (origin === undefined || origin === publicUrl) return false
  return URL.parse(origin)?.host !== host
}

/**
 * Whether a page of this origin may open an MQTT connection: one on this machine, as when
 * somebody writes a web client, or Latchkey's own. What isn't a browser names no origin.
 */
export function mayOpenSocket(origin: string | undefined, publicUrl: string | null): boolean {
  if (origin === undefined || origin === publicUrl) return true
  return LOOPBACK_NAME.test(URL.parse(origin)?.hostname ?? '')
}
