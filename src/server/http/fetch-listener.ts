import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { AddressOf } from './client-addresses.ts'

type Fetch = (request: Request) => Response | Promise<Response>

type ListenerOptions = {
  /** Of a longer body, the application gets one byte more, enough to refuse it. */
  bodyMax: number
  /** How long a body may take to come, in milliseconds; then the connection ends. */
  bodyTimeout: number
  protocol: 'http' | 'https'
  addressOf: AddressOf
  onError: (error: unknown) => void
}

const CLIENT_ADDRESS = 'x-latchkey-client-address'

/** The address that a request comes from, as the listener found it. */
export function clientAddressOf(request: Request): string | null {
  return request.headers.get(CLIENT_ADDRESS)
}

/**
 * Puts an application of `Request` and `Response` behind node:http. Request bodies are small
 * here, so they are held whole. The rest of one that is too large is read off, so that the
 * connection stays in step.
 */
export function createFetchListener(
  fetch: Fetch,
  { bodyMax, bodyTimeout, protocol, addressOf, onError }: ListenerOptions,
): (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void> {
  return async (incoming, outgoing) => {
    const slow = setTimeout(() => incoming.destroy(new Error('the body is late')), bodyTimeout)
    try {
      // Where it can't have one, it has ended before it is read, and never says so.
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
      // A caller that goes away is no failure.
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
  // Whatever a caller sends under this name.
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

/** Sends an answer; in one piece where it comes so, piece by piece where it is a long one. */
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
  // An answer that breaks off must not look complete: this ends the connection then.
  await pipeline(Readable.from(pieces(first, second)), outgoing)
}
