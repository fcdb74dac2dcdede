import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { AddressOf } from './client-addresses.ts'

type Fetch = (request: Request) => Response | Promise<Response>

type ListenerOptions = {
  /** Bytes. Of a longer body the application gets one byte more, enough to refuse it. */
  bodyMax: number
  /** Milliseconds within which a body has to arrive, or the connection is closed. */
  bodyTimeout: number
  protocol: 'http' | 'https'
  addressOf: AddressOf
  onError: (error: unknown) => void
}

const CLIENT_ADDRESS = 'x-latchkey-client-address'

/** The client's address, as the listener found it. */
export function clientAddressOf(request: Request): string | null {
  return request.headers.get(CLIENT_ADDRESS)
}

/**
 * Serves an application of `Request` and `Response` on node:http. Request bodies are small, so they
 * are buffered; the rest of an oversized one is drained, so that the connection can be reused.
 *
 * `@hono/node-server` 2.1 would be the library for this. It fails three cases of
 * `fetch-listener.test.ts`: a slow body reaches the application before it is complete, an error in
 * a streamed response is printed to the console and not reported, and a request's URL has the
 * socket's protocol instead of the configured one.
 */
export function createFetchListener(
  fetch: Fetch,
  { bodyMax, bodyTimeout, protocol, addressOf, onError }: ListenerOptions,
): (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void> {
  return async (incoming, outgoing) => {
    const slow = setTimeout(() => incoming.destroy(new Error('the body is late')), bodyTimeout)
    try {
      // A request without a body has ended already and emits no 'end'.
      const hasBody =
        incoming.method !== 'GET' && incoming.method !== 'HEAD' && !incoming.readableEnded
      const body = hasBody ? await readUpTo(bodyMax + 1, incoming) : null
      clearTimeout(slow)
      const { method = 'GET', url = '/' } = incoming
      const request = new Request(`${protocol}://${incoming.headers.host ?? ''}${url}`, {
        method,
        headers: toHeaders(incoming.headers, addressOf(incoming)),
        ...(body && body.length > 0 && { body }),
      })
      await send(outgoing, await fetch(request), onError)
    } catch (error) {
      clearTimeout(slow)
      // A client that disconnects is no error.
      if (!incoming.errored && !outgoing.headersSent) onError(error)
      outgoing.destroy()
    }
  }
}

function toHeaders(headers: IncomingHttpHeaders, address: string | null): Headers {
  const result = new Headers()
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) result.set(name, String(value))
  }
  // Overwrites what a client sends under this name.
  if (address === null) result.delete(CLIENT_ADDRESS)
  else result.set(CLIENT_ADDRESS, address)
  return result
}

function readUpTo(max: number, incoming: IncomingMessage): Promise<Uint8Array<ArrayBuffer>> {
  return new Promise((resolve, reject) => {
    const pieces: Uint8Array[] = []
    let length = 0
    incoming.on('data', (piece: Uint8Array) => {
      if (length >= max) return
      pieces.push(piece)
      length += piece.length
      if (length >= max) resolve(new Uint8Array(Buffer.concat(pieces)).subarray(0, max))
    })
    incoming.on('end', () => resolve(new Uint8Array(Buffer.concat(pieces))))
    incoming.on('error', reject)
  })
}

/** Sends a response: a short one at once with its length, a long one as a stream. */
async function send(
  outgoing: ServerResponse,
  response: Response,
  onError: (error: unknown) => void,
): Promise<void> {
  const head = {
    ...Object.fromEntries(response.headers),
    ...(response.headers.has('set-cookie') && { 'set-cookie': response.headers.getSetCookie() }),
  }
  const reader = response.body?.getReader()
  const read = async () => (await reader?.read())?.value
  const first = await read()
  const second = first && (await read())
  if (!first || !second) {
    const length = first?.length ?? 0
    outgoing.writeHead(response.status, {
      ...head,
      ...(length > 0 && { 'content-length': length }),
    })
    outgoing.end(first)
    return
  }
  const readOn = () =>
    read().catch((error: unknown) => {
      onError(error)
      throw error
    })
  async function* pieces(...known: Uint8Array[]) {
    try {
      yield* known
      for (let piece = await readOn(); piece; piece = await readOn()) yield piece
    } finally {
      await reader?.cancel().catch(() => {})
    }
  }
  outgoing.writeHead(response.status, head)
  // A broken response must not look complete: pipeline closes the connection.
  await pipeline(Readable.from(pieces(first, second)), outgoing)
}
