import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { Duplex } from 'node:stream'
import { PROBLEM_MEDIA_TYPE, Problem } from '../../contract/http/problem.ts'
import { isSafeMethod } from '../../contract/http/safe-methods.ts'
import { parseTarget } from '../../gateway/target.ts'
import { BODY_MAX } from '../../management/http/guard.ts'
import type { ManagementApi } from '../../management/management-api.ts'
import { rejectUpgrade } from '../broker/reject-upgrade.ts'
import type { Metrics } from '../metrics/metrics.ts'
import type { Log } from '../runtime/logs.ts'
import type { EmbeddedBackend } from '../runtime/open-backends.ts'
import type { AddressOf } from './client-addresses.ts'
import { createFetchListener } from './fetch-listener.ts'
import { expectsContinue, type GatewayListener } from './gateway-listener.ts'
import type { GracefulShutdown } from './graceful-shutdown.ts'
import { isAllowedHost, isAllowedSocketOrigin, isCrossOriginWrite } from './origins.ts'
import type { RequestIdOf } from './request-ids.ts'
import { API_HEADERS, commonHeaders } from './security-headers.ts'
import type { StaticFiles } from './static-files.ts'

export type ListenerPorts = {
  gateway: GatewayListener
  management: ManagementApi
  files: StaticFiles
  /** The embedded broker of a deployment, for MQTT over WebSocket. */
  broker: (deploymentId: string) => EmbeddedBackend | 'elsewhere' | undefined
  publicUrl: string | null
  /** Whether the server listens on other interfaces than loopback. */
  isPublic: boolean
  /** Certificate and key; null for plain HTTP. */
  tls: { cert: Buffer; key: Buffer } | null
  addressOf: AddressOf
  log: Log
  requestIdOf: RequestIdOf
  metrics: Pick<Metrics, 'countManaged'>
  shutdown: Pick<GracefulShutdown, 'isReady' | 'isClosing'>
}

const LIMITS = {
  maxHeaderSize: 16 * 1024,
  headersTimeout: 15_000,
  // Uploads are streamed, so a slow one costs little.
  requestTimeout: 600_000,
  // A keep-alive timeout would cost each call two timers and a header, a twentieth of its time.
  keepAliveTimeout: 0,
}
// Closes stalled and unused connections. Longer than proxies keep idle connections, and longer than
// an EMQX takes to answer.
const IDLE_TIMEOUT_MS = 120_000
const BODY_TIMEOUT_MS = 20_000

const SOCKET_PATH = /^\/([^/?#]+)\/mqtt(?:\?|$)/
const MANAGEMENT_PATH = /^\/(?:api(?:[/?]|$)|(?:healthz|readyz|metrics)(?:\?|$))/

const READY_PATH = /^\/readyz(?:\?|$)/

/** Makes the HTTP server for gateway, management API, MQTT over WebSocket and console. */
export function createListener(ports: ListenerPorts): Server {
  const { gateway, broker, publicUrl, tls, shutdown } = ports
  const manage = managementListener(ports)
  const common = commonHeaders(tls !== null || isHttps(publicUrl))
  const headers = new Headers(common)
  const closingHeaders = { ...common, connection: 'close' }
  const headersNow = () => (shutdown.isClosing() ? closingHeaders : common)

  function handle(request: IncomingMessage, response: ServerResponse): void {
    // Repeated Host headers are refused (RFC 9112 section 3.2).
    if (request.headers.host?.includes(',')) {
      sendProblem(response, new Problem(400, 'Send one Host header alone.'))
      return
    }
    const url = request.url ?? ''
    const target = parseTarget(url)
    if (target) {
      void gateway(request, response, target, headersNow)
      return
    }
    response.setHeaders(headers)
    if (shutdown.isClosing()) response.setHeader('connection', 'close')
    if (expectsContinue(request)) response.writeContinue()
    if (MANAGEMENT_PATH.test(url)) manage(request, response)
    else serveFile(ports.files, request, response, url)
  }

  const options = {
    ...LIMITS,
    // Node drops a repeated Authorization header otherwise, and keeps the first.
    joinDuplicateHeaders: true,
    // No stream for an empty body: a tenth more calls.
    optimizeEmptyRequests: true,
    shouldUpgradeCallback: ({ headers, url }: IncomingMessage) =>
      headers.upgrade?.toLowerCase() === 'websocket' && SOCKET_PATH.test(url ?? ''),
  }
  const server = tls
    ? createTlsServer({ ...options, ...tls, handshakeTimeout: LIMITS.headersTimeout }, handle)
    : createServer(options, handle)
  server.setTimeout(IDLE_TIMEOUT_MS)
  server.on('checkContinue', handle)
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // MQTT has its own keep-alive.
    request.socket.setTimeout(0)
    const id = SOCKET_PATH.exec(request.url ?? '')?.[1]
    const embedded = id === undefined ? undefined : broker(id)
    if (!embedded) rejectUpgrade(socket, '404 Not Found')
    else if (!isAllowedSocketOrigin(request.headers.origin, publicUrl))
      rejectUpgrade(socket, '403 Forbidden')
    else if (embedded === 'elsewhere') rejectUpgrade(socket, '503 Service Unavailable')
    else embedded.handleUpgrade(request, socket, head)
  })
  return server
}

function serveFile(
  files: StaticFiles,
  request: IncomingMessage,
  response: ServerResponse,
  url: string,
): void {
  if (!url.startsWith('/')) {
    sendProblem(response, new Problem(400, 'Send the path alone, starting with "/".'))
    return
  }
  const [path = ''] = url.split('?', 1)
  if (files.serve(request, response, path === '/' ? '/index.html' : path)) return
  sendProblem(response, new Problem(404, 'There is nothing at this address.'))
}

function managementListener(ports: ListenerPorts) {
  const { management, tls, addressOf, log, requestIdOf, metrics } = ports
  const answer = createFetchListener((request) => management.fetch(request), {
    bodyMax: BODY_MAX,
    bodyTimeout: BODY_TIMEOUT_MS,
    protocol: tls ? 'https' : 'http',
    addressOf,
    onError: (error) => log.error('A request could not be answered', error),
  })

  const apiHeaders = new Headers(API_HEADERS)

  return (request: IncomingMessage, response: ServerResponse): void => {
    const requestId = requestIdOf(request)
    const started = performance.now()
    response.setHeader('x-request-id', requestId)
    response.setHeaders(apiHeaders)
    log.within(requestId, () => {
      response.once('finish', () => {
        const milliseconds = performance.now() - started
        metrics.countManaged(response.statusCode, milliseconds / 1000)
        logRequest(log, request, response, milliseconds)
      })
      const problem = requestProblem(request, ports)
      if (problem) sendProblem(response, problem)
      else void answer(request, response)
    })
  }
}

function requestProblem(
  { headers, method = 'GET', url = '' }: IncomingMessage,
  ports: Pick<ListenerPorts, 'publicUrl' | 'isPublic' | 'shutdown'>,
): Problem | undefined {
  const { publicUrl } = ports
  if (!isAllowedHost(headers.host, ports)) {
    return new Problem(
      403,
      'Latchkey answers under the name localhost alone. To use another, start it with PUBLIC_URL.',
    )
  }
  // A Fetch Request can't have this method.
  if (method === 'TRACE') return new Problem(404, 'There is nothing at this address.')
  if (isCrossOriginWrite(method, headers, publicUrl)) {
    return new Problem(403, 'A page of another origin asked for this change, so it was not made.')
  }
  if (READY_PATH.test(url) && !ports.shutdown.isReady()) {
    return new Problem(503, 'Latchkey is shutdown.')
  }
  return undefined
}

function isHttps(url: string | null): boolean {
  return url?.startsWith('https:') === true
}

function sendProblem(response: ServerResponse, problem: Problem): void {
  const body = JSON.stringify(problem)
  response.writeHead(problem.status, {
    'content-type': PROBLEM_MEDIA_TYPE,
    'content-length': Buffer.byteLength(body),
    ...API_HEADERS,
  })
  response.end(body)
}

function logRequest(
  log: Log,
  { method = '', url = '' }: IncomingMessage,
  { statusCode }: ServerResponse,
  elapsed: number,
): void {
  const [path = ''] = url.split('?', 1)
  const milliseconds = Math.round(elapsed)
  log[isSafeMethod(method) ? 'debug' : 'info']('Request', {
    method,
    path,
    status: statusCode,
    milliseconds,
  })
}
