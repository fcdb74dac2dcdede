import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import type { Gateway, GatewayAnswer } from '../gateway/gateway.ts'
import type { Target } from '../gateway/target.ts'
import type { AddressOf } from './addresses.ts'
import type { Log } from './logs.ts'

export type GatewayListener = (
  request: IncomingMessage,
  response: ServerResponse,
  target: Target,
) => Promise<void>

// A held answer costs some memory. Beyond so many, answers go out at once.
const HELD_MAX = 1000

/**
 * Carries calls between node:http and the gateway, both bodies streamed. Never rejects. Where
 * the caller waits for a 100 (RFC 9110 section 10.1.1), it is sent once the body is wanted.
 */
export function createGatewayListener(
  gateway: Pick<Gateway, 'handle'>,
  { log, addressOf }: { log: Log; addressOf: AddressOf },
): GatewayListener {
  let held = 0

  async function hold(milliseconds: number, gone: AbortSignal): Promise<void> {
    if (held >= HELD_MAX) return
    held += 1
    await delay(milliseconds, undefined, { signal: gone }).catch(ignore)
    held -= 1
  }

  return async (request, response, target) => {
    const started = log.isDebug ? performance.now() : 0
    const gone = new AbortController()
    response.on('close', () => {
      if (!response.writableFinished) gone.abort()
    })
    const method = request.method ?? 'GET'
    // A body that was asked for and isn't wanted may or may not come: nothing may follow it.
    const waits = request.headers.expect !== undefined
    if (waits) response.setHeader('connection', 'close')
    try {
      const answer = await gateway.handle({
        method,
        target,
        address: addressOf(request),
        headers: request.headers,
        body: bodyOf(request, waits ? response : null),
        signal: gone.signal,
      })
      if (log.isDebug) logCall(log, method, target, answer, performance.now() - started)
      if (answer.holdFor > 0) await hold(answer.holdFor, gone.signal)
      send(response, answer)
    } catch (error) {
      log.error('A call could not be answered', error)
      response.destroy()
    }
  }
}

/** The request's body; null where it has none, by its framing (RFC 9112 section 6.3). */
function bodyOf(
  request: IncomingMessage,
  waiting: ServerResponse | null,
): AsyncIterable<Uint8Array> | null {
  const { 'content-length': length, 'transfer-encoding': encoding } = request.headers
  if (encoding === undefined && (length === undefined || Number(length) === 0)) return null
  return waiting ? afterContinue(request, waiting) : request
}

async function* afterContinue(
  request: IncomingMessage,
  response: ServerResponse,
): AsyncGenerator<Uint8Array> {
  response.writeContinue()
  yield* request
}

function send(response: ServerResponse, { status, headers, body }: GatewayAnswer): void {
  if (response.destroyed) {
    if (body instanceof Readable) body.on('error', ignore).destroy()
    return
  }
  response.writeHead(status, headers)
  if (body === null || body instanceof Uint8Array) {
    response.end(body)
    return
  }
  const stream = body instanceof Readable ? body : Readable.from(body)
  // An answer that breaks off must not look complete.
  stream.once('error', () => response.destroy())
  response.once('close', () => stream.destroy())
  stream.pipe(response)
}

function ignore(): void {}

function logCall(
  log: Log,
  method: string,
  { deploymentId, apiPath }: Target,
  { status, outcome, appId, detail }: GatewayAnswer,
  elapsed: number,
): void {
  const milliseconds = Math.round(elapsed * 10) / 10
  const call = { deploymentId, appId, method, path: apiPath, status, outcome, milliseconds }
  log.debug('Call', detail === null ? call : { ...call, detail })
}
