import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'

type Fetch = (request: Request) => Response | Promise<Response>

/**
 * Puts an application of `Request` and `Response` behind node:http. Bodies are small here, so
 * both are held whole. Of a body over `bodyMax` bytes, the application gets one byte more than
 * that, enough to refuse it; the rest is read off, so that the connection stays in step.
 */
export function createFetchListener(
  fetch: Fetch,
  { bodyMax, onError }: { bodyMax: number; onError: (error: unknown) => void },
): (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void> {
  return async (incoming, outgoing) => {
    try {
      const hasBody = incoming.method !== 'GET' && incoming.method !== 'HEAD'
      const body = hasBody ? await readUpTo(bodyMax + 1, incoming) : null
      await send(outgoing, await fetch(toRequest(incoming, body)))
    } catch (error) {
      if (!incoming.errored) onError(error)
      outgoing.destroy()
    }
  }
}

function toRequest(
  { headers, method = 'GET', url = '/' }: IncomingMessage,
  body: Uint8Array<ArrayBuffer> | null,
): Request {
  return new Request(`http://${headers.host ?? ''}${url}`, {
    method,
    headers: toHeaders(headers),
    ...(body && body.length > 0 && { body }),
  })
}

function toHeaders(headers: IncomingHttpHeaders): Headers {
  const result = new Headers()
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) result.set(name, String(value))
  }
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

async function send(outgoing: ServerResponse, response: Response): Promise<void> {
  const body = new Uint8Array(await response.arrayBuffer())
  outgoing.writeHead(response.status, {
    ...Object.fromEntries(response.headers),
    ...(body.length > 0 && { 'content-length': body.length }),
  })
  outgoing.end(body)
}
