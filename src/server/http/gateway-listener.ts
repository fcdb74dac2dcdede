import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import type { GatewayAnswer } from '../../gateway/call.ts'
import type { Gateway } from '../../gateway/gateway.ts'
import type { Target } from '../../gateway/target.ts'
import type { Metrics } from '../metrics/metrics.ts'
import type { Log } from '../runtime/logs.ts'
import type { AddressOf } from './client-addresses.ts'
import { connectionOf } from './connection-queue.ts'
import type { RequestIdOf } from './request-ids.ts'

/** Answers a call, with the headers of that moment where the answer has none of their name. */
export type GatewayListener = (
  request: IncomingMessage,
  response: ServerResponse,
  target: Target,
  headersNow: () => Readonly<Record<string, string>>,
) => Promise<void>

// A held answer costs some memory. Beyond so many, answers go out at once.
const HELD_MAX = 1000

type Ports = {
  log: Log
  addressOf: AddressOf
  requestIdOf: RequestIdOf
  metrics: Pick<Metrics, 'countCall'>
}

/**
 * Carries calls between node:http and the gateway, both bodies streamed. Never rejects. Where
 * the caller waits for a 100 (RFC 9110 section 10.1.1), it is sent once the body is wanted.
 */
export function createGatewayListener(
  gateway: Pick<Gateway, 'handle'>,
  { log, addressOf, requestIdOf, metrics }: Ports,
): GatewayListener {
  let held = 0

  async function hold(milliseconds: number, gone: AbortSignal): Promise<void> {
    if (held >= HELD_MAX) return
    held += 1
    await delay(milliseconds, undefined, { signal: gone }).catch(ignore)
    held -= 1
  }

  return async (request, response, target, headersNow) => {
    const connection = connectionOf(request.socket)
    if (!(await connection.turn())) return
    const { gone } = connection
    const started = performance.now()
    const requestId = requestIdOf(request)
    const method = request.method ?? 'GET'
    // A body that was asked for and isn't wanted may or may not come: nothing may follow it.
    const waits = waitsForContinue(request)
    try {
      const answer = await gateway.handle({
        method,
        target,
        requestId,
        address: addressOf(request),
        headers: request.headers,
        body: bodyOf(request, waits ? response : null),
        signal: gone,
      })
      if (isStreamed(answer)) response.once('close', () => connection.next())
      else connection.next()
      const elapsed = performance.now() - started
      metrics.countCall(answer, elapsed / 1000)
      if (log.isDebug) logCall(log, { requestId, method, target, answer, elapsed })
      if (answer.delayMs > 0) await hold(answer.delayMs, gone)
      const headers = headersNow()
      const own = waits ? { ...headers, connection: 'close' } : headers
      send(response, answer, [...headOf(answer, own), 'x-request-id', requestId])
    } catch (error) {
      log.error('A call could not be answered', error, { requestId })
      response.destroy()
    }
  }
}

/**
 * Whether a request's sender waits for a 100 before it sends the body. One of HTTP/1.0 knows of
 * none (RFC 9110 section 10.1.1).
 */
export function waitsForContinue({ headers, httpVersion }: IncomingMessage): boolean {
  return headers.expect !== undefined && httpVersion !== '1.0'
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

/** An answer's headers in one list: node:http takes five times as long to set them one by one. */
function headOf(
  { headers }: GatewayAnswer,
  common: Readonly<Record<string, string>>,
): (string | string[])[] {
  const head: (string | string[])[] = []
  for (const name in common) {
    const value = common[name]
    if (value !== undefined && headers[name] === undefined) head.push(name, value)
  }
  for (const name in headers) {
    const value = headers[name]
    if (value !== undefined) head.push(name, value)
  }
  return head
}

function send(
  response: ServerResponse,
  { status, body }: GatewayAnswer,
  head: (string | string[])[],
): void {
  if (response.destroyed) {
    if (body instanceof Readable) body.on('error', ignore).destroy()
    return
  }
  response.writeHead(status, head)
  if (body === null) {
    response.end()
    return
  }
  if (body instanceof Uint8Array) {
    // As text of the same bytes it leaves with the head in one piece, at half the cost of two.
    response.end(bufferOf(body).toString('latin1'), 'latin1')
    return
  }
  const stream = body instanceof Readable ? body : Readable.from(body)
  // An answer that breaks off must not look complete.
  stream.once('error', () => response.destroy())
  if (stream.destroyed) {
    response.destroy()
    return
  }
  response.once('close', () => stream.destroy())
  stream.pipe(response)
}

function isStreamed({ body }: GatewayAnswer): boolean {
  return body !== null && !(body instanceof Uint8Array)
}

function bufferOf(bytes: Uint8Array): Buffer {
  if (Buffer.isBuffer(bytes)) return bytes
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function ignore(): void {}

type Answered = {
  requestId: string
  method: string
  target: Target
  answer: GatewayAnswer
  elapsed: number
}

function logCall(log: Log, { requestId, method, target, answer, elapsed }: Answered): void {
  const { deploymentId, apiPath: path } = target
  const { status, outcome, appId, detail } = answer
  const milliseconds = Math.round(elapsed * 10) / 10
  const call = { requestId, deploymentId, appId, method, path, status, outcome, milliseconds }
  log.debug('Call', detail === null ? call : { ...call, detail })
}
