import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { Duplex } from 'node:stream'
import { PROBLEM_MEDIA_TYPE, Problem } from '../../contract/http/problem.ts'
import { isSafeMethod } from '../../contract/http/safe-methods.ts'
import { parseTarget } from '../../gateway/target.ts'
import { BODY_MAX } from '../../management/http/guard.ts'
import type { ManagementApi } from '../../management/management-api.ts'
import type { Metrics } from '../metrics/metrics.ts'
import type { EmbeddedBackend } from '../runtime/backend-directory.ts'
import type { Log } from '../runtime/logs.ts'
import type { AddressOf } from './client-addresses.ts'
import { createFetchListener } from './fetch-listener.ts'
import { waitsForContinue, type GatewayListener } from './gateway-listener.ts'
import type { GracefulStop } from './graceful-stop.ts'
import { isCrossOriginWrite, isOwnHost, mayOpenSocket } from './origins.ts'
import { refuseSocket } from './refuse-socket.ts'
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
  /** Whether networks can reach the server, and not this machine alone. */
  isPublic: boolean
  /** The server's own certificate and key; null where it speaks plain HTTP. */
  tls: { cert: Buffer; key: Buffer } | null
  addressOf: AddressOf
  log: Log
  requestIdOf: RequestIdOf
  metrics: Pick<Metrics, 'countManaged'>
  stopping: Pick<GracefulStop, 'isReady' | 'isLast'>
}

const LIMITS = {
  maxHeaderSize: 16 * 1024,
  headersTimeout: 15_000,
  // Uploads are streamed, so a large one over a slow line is no burden.
  requestTimeout: 600_000,
  // A time of its own between requests costs each call two timers and a header, a twentieth of it.
  keepAliveTimeout: 0,
}
// What neither sends nor takes anything for this long is gone, between requests as well: longer
// than proxies keep connections that they don't use. An EMQX answers sooner.
const STALLED_TIMEOUT = 120_000
const MANAGEMENT_BODY_TIMEOUT = 20_000

const SOCKET_PATH = /^\/([^/?#]+)\/mqtt(?:\?|$)/
const MANAGEMENT_PATH = /^\/(?:api(?:[/?]|$)|(?:healthz|readyz|metrics)(?:\?|$))/

const READY_PATH = /^\/readyz(?:\?|$)/

/** The one HTTP server: gateway, management API, MQTT over WebSocket, console. */
export function createListener(ports: ListenerPorts): Server {
  const { gateway, broker, publicUrl, tls, stopping } = ports
  const manage = managementListener(ports)
  const common = commonHeaders(tls !== null || isHttps(publicUrl))
  const headers = new Headers(common)
  const lastHeaders = { ...common, connection: 'close' }
  const headersNow = () => (stopping.isLast() ? lastHeaders : common)

  function handle(request: IncomingMessage, response: ServerResponse): void {
    // Repeated headers are joined (RFC 9112 section 3.2).
    if (request.headers.host?.includes(',')) {
      refuse(response, new Problem(400, 'Send one Host header alone.'))
      return
    }
    const url = request.url ?? ''
    const target = parseTarget(url)
    if (target) {
      void gateway(request, response, target, headersNow)
      return
    }
    response.setHeaders(headers)
    if (stopping.isLast()) response.setHeader('connection', 'close')
    if (waitsForContinue(request)) response.writeContinue()
    if (MANAGEMENT_PATH.test(url)) manage(request, response)
    else serveFile(ports.files, request, response, url)
  }

  const options = {
    ...LIMITS,
    // Repeated headers are joined, so that a second Authorization can't hide behind the first.
    joinDuplicateHeaders: true,
    // What has no body needs no stream: a tenth more calls.
    optimizeEmptyRequests: true,
    shouldUpgradeCallback: ({ headers, url }: IncomingMessage) =>
      headers.upgrade?.toLowerCase() === 'websocket' && SOCKET_PATH.test(url ?? ''),
  }
  const server = tls
    ? createTlsServer({ ...options, ...tls, handshakeTimeout: LIMITS.headersTimeout }, handle)
    : createServer(options, handle)
  server.setTimeout(STALLED_TIMEOUT)
  server.on('checkContinue', handle)
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // An MQTT client may keep still for as long as its own keep-alive lets it.
    request.socket.setTimeout(0)
    const id = SOCKET_PATH.exec(request.url ?? '')?.[1]
    const embedded = id === undefined ? undefined : broker(id)
    if (!embedded) refuseSocket(socket, '404 Not Found')
    else if (!mayOpenSocket(request.headers.origin, publicUrl))
      refuseSocket(socket, '403 Forbidden')
    else if (embedded === 'elsewhere') refuseSocket(socket, '503 Service Unavailable')
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
    refuse(response, new Problem(400, 'Send the path alone, starting with "/".'))
    return
  }
  const [path = ''] = url.split('?', 1)
  if (files.serve(request, response, path === '/' ? '/index.html' : path)) return
  refuse(response, new Problem(404, 'There is nothing at this address.'))
}

function managementListener(ports: ListenerPorts) {
  const { management, tls, addressOf, log, requestIdOf, metrics } = ports
  const answer = createFetchListener((request) => management.fetch(request), {
    bodyMax: BODY_MAX,
    bodyTimeout: MANAGEMENT_BODY_TIMEOUT,
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
      const problem = refusalOf(request, ports)
      if (problem) refuse(response, problem)
      else void answer(request, response)
    })
  }
}

function refusalOf(
  { headers, method = 'GET', url = '' }: IncomingMessage,
  ports: Pick<ListenerPorts, 'publicUrl' | 'isPublic' | 'stopping'>,
): Problem | undefined {
  const { publicUrl } = ports
  if (!isOwnHost(headers.host, ports)) {
    return new Problem(
      403,
      'Latchkey answers under the name localhost alone. To use another, start it with PUBLIC_URL.',
    )
  }
  // The Fetch standard's Request can't carry it.
  if (method === 'TRACE') return new Problem(404, 'There is nothing at this address.')
  if (isCrossOriginWrite(method, headers, publicUrl)) {
    return new Problem(403, 'A page of another origin asked for this change, so it was not made.')
  }
  if (READY_PATH.test(url) && !ports.stopping.isReady()) {
    return new Problem(503, 'Latchkey is stopping.')
  }
  return undefined
}

function isHttps(url: string | null): boolean {
  return url?.startsWith('https:') === true
}

function refuse(response: ServerResponse, problem: Problem): void {
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
