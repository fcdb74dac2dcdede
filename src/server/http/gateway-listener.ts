import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import type { GatewayAnswer } from '../../gateway/call.ts'
import type { Gateway } from '../../gateway/gateway.ts'
import type { Target } from '../../gateway/target.ts'
import type { Metrics } from '../metrics/metrics.ts'
import type { Log } from '../runtime/logs.ts'
import type { AddressOf } from './client-addresses.ts'
import { connectionQueueFor } from './connection-queue.ts'
import type { RequestIdOf } from './request-ids.ts'

/** Answers a call. `headersNow` gives default headers at the time of the response. */
export type GatewayListener = (
  request: IncomingMessage,
  response: ServerResponse,
  target: Target,
  headersNow: () => Readonly<Record<string, string>>,
) => Promise<void>

// A delayed response takes memory. Beyond this many, responses are sent at once.
const TARPITTED_MAX = 1000

type Ports = {
  log: Log
  addressOf: AddressOf
  requestIdOf: RequestIdOf
  metrics: Pick<Metrics, 'countCall'>
}

/**
 * Connects node:http to the gateway and streams both bodies. Never rejects. `100 Continue` (RFC
 * 9110 section 10.1.1) is sent only when the body is read.
 */
export function createGatewayListener(
  gateway: Pick<Gateway, 'handle'>,
  { log, addressOf, requestIdOf, metrics }: Ports,
): GatewayListener {
  let delayed = 0

  async function tarpit(milliseconds: number, closed: AbortSignal): Promise<void> {
    if (delayed >= TARPITTED_MAX) return
    delayed += 1
    await delay(milliseconds, undefined, { signal: closed }).catch(ignore)
    delayed -= 1
  }

  return async (request, response, target, headersNow) => {
    const connection = connectionQueueFor(request.socket)
    if (!(await connection.acquire())) return
    const { closed } = connection
    const started = performance.now()
    const requestId = requestIdOf(request)
    const method = request.method ?? 'GET'
    // An announced body that isn't read can still arrive, so the connection can't be reused.
    const isWaiting = expectsContinue(request)
    try {
      const answer = await gateway.handle({
        method,
        target,
        requestId,
        address: addressOf(request),
        headers: request.headers,
        body: requestBody(request, isWaiting ? response : null),
        signal: closed,
      })
      if (isStreamed(answer)) response.once('close', () => connection.release())
      else connection.release()
      const elapsed = performance.now() - started
      metrics.countCall(answer, elapsed / 1000)
      if (log.isDebug) logCall(log, { requestId, method, target, answer, elapsed })
      if (answer.delayMs > 0) await tarpit(answer.delayMs, closed)
      const headers = headersNow()
      const own = isWaiting ? { ...headers, connection: 'close' } : headers
      send(response, answer, [...responseHeaders(answer, own), 'x-request-id', requestId])
    } catch (error) {
      log.error('A call could not be answered', error, { requestId })
      response.destroy()
    }
  }
}

/** Whether a client waits for `100 Continue`, which HTTP/1.0 lacks (RFC 9110 section 10.1.1). */
export function expectsContinue({ headers, httpVersion }: IncomingMessage): boolean {
  return headers.expect !== undefined && httpVersion !== '1.0'
}

/** The request's body, null if its framing declares none (RFC 9112 section 6.3). */
function requestBody(
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

/** The headers as one list: setting them one by one takes node:http five times as long. */
function responseHeaders(
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
    // A string is sent in one packet with the head, at half the cost of two.
    response.end(toBuffer(body).toString('latin1'), 'latin1')
    return
  }
  const stream = body instanceof Readable ? body : Readable.from(body)
  // A broken response must not look complete.
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

function toBuffer(bytes: Uint8Array): Buffer {
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
