import { randomFillSync } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { trustIn } from './client-addresses.ts'

/** The id by which logs, the backend and the answer name a request. */
export type RequestIdOf = (
  request: Pick<IncomingMessage, 'headers'> & { socket: { remoteAddress?: string | undefined } },
) => string

const ID_BYTES = 9
const IDS_AT_ONCE = 256
// What goes into logs and on to the backend is a word, whoever wrote it.
const SAFE_ID = /^[\w.-]{8,64}$/

/**
 * Gives each request an id of its own. One that comes in `X-Request-Id` is kept where one of these
 * proxies sent it: anybody else could make two requests look like one.
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

/** Draws many at once: that takes a thirtieth of the time. */
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
