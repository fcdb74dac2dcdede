import type { IncomingHttpHeaders } from 'node:http'
import { isSafeMethod } from '../../contract/http/safe-methods.ts'
import { isCrossOrigin } from '../../contract/network/cross-origin.ts'

const LOOPBACK_NAME = /^(?:localhost|127(?:\.\d{1,3}){3}|::1|\[::1\])$/

/** Whether a name or address leads to this machine itself, by itself. */
export function isLoopback(host: string): boolean {
  return LOOPBACK_NAME.test(host)
}

function hostnameOf(authority: string): string | undefined {
  const url = URL.parse(`http://${authority}`)
  return url && url.username === '' && url.pathname === '/' ? url.hostname : undefined
}

/**
 * Whether a `Host` header is one that Latchkey goes by: PUBLIC_URL's, or a loopback name. It
 * keeps a server that only this machine can reach from pages whose own name was pointed at
 * 127.0.0.1 (DNS rebinding), which have no session there but could try passwords.
 *
 * A server that networks reach goes by whatever name they have for it, which it can't know.
 * Nothing is lost by that: whoever can rebind a name to it can ask it directly as well, and a
 * session's cookie belongs to the name that it was made under.
 */
export function isOwnHost(
  host: string | undefined,
  { publicUrl, isPublic }: { publicUrl: string | null; isPublic: boolean },
): boolean {
  const hostname = host === undefined ? undefined : hostnameOf(host)
  if (hostname === undefined) return false
  return isPublic || isLoopback(hostname) || hostname === publicHostname(publicUrl)
}

function publicHostname(publicUrl: string | null): string | undefined {
  return publicUrl === null ? undefined : new URL(publicUrl).hostname
}

/**
 * Whether a page of another origin sends this request to change something. What names no page is no
 * browser, and nobody's page made it send a cookie: a script that signed in may go on. The cookie's
 * `SameSite=Strict` keeps it from other sites besides.
 */
export function isCrossOriginWrite(
  method: string,
  headers: IncomingHttpHeaders,
  publicUrl: string | null,
): boolean {
  return !isSafeMethod(method) && isCrossOrigin(headers, publicUrl)
}

/**
 * Whether a page of this origin may open an MQTT connection: one on this machine, as when
 * somebody writes a web client, or Latchkey's own. What isn't a browser names no origin.
 */
export function mayOpenSocket(origin: string | undefined, publicUrl: string | null): boolean {
  if (origin === undefined || origin === publicUrl) return true
  return isLoopback(URL.parse(origin)?.hostname ?? '')
}
