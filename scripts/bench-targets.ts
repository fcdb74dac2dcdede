import { createServer } from 'node:http'
import { join } from 'node:path'
import { Pool } from 'undici'
import { createEmqxBackend } from '../src/backends/emqx/emqx-backend.ts'
import { v5Catalog } from '../src/contract/catalog/v5.ts'
import { basicAuthorization } from '../src/contract/credentials.ts'
import { Secret } from '../src/contract/secret.ts'
import type { Gateway } from '../src/gateway/gateway.ts'
import { answeredHeaders, forwardedHeaders } from '../src/gateway/headers.ts'
import { pathBelowV5 } from '../src/gateway/target.ts'
import { addressesBehind } from '../src/server/addresses.ts'
import { createGatewayListener } from '../src/server/gateway-listener.ts'
import { createGracefulStop } from '../src/server/graceful-stop.ts'
import { createListener } from '../src/server/listener.ts'
import { createLog } from '../src/server/logs.ts'
import { createMetrics } from '../src/server/metrics.ts'
import { requestIdsBehind } from '../src/server/request-ids.ts'
import { loadStaticFiles } from '../src/server/static-files.ts'
import { startTestServer } from '../src/server/testing.ts'
import { listen, portOf } from './bench-load.ts'

/** A server to measure, and the request that it answers. */
export type Target = { port: number; request: string }
/** A server that also refuses a wrong secret. */
export type GuardedTarget = Target & { guess: string }

const now = () => new Date()
const log = createLog('error', { write: (line) => process.stderr.write(line), now })

function requestFor(path: string, authorization: string): string {
  return `GET ${path} HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\nUser-Agent: bench\r\nAuthorization: ${authorization}\r\n\r\n`
}

/** Latchkey as it is, a key with a list of operations, an EMQX behind it. */
async function startGateway(upstream: string, dataDir: string): Promise<GuardedTarget> {
  return startServer(upstream, join(dataDir, 'recording'), true)
}

/** The same, but that it records nothing of the use of keys. */
async function startUnrecorded(upstream: string, dataDir: string): Promise<Target> {
  return startServer(upstream, join(dataDir, 'unrecorded'), false)
}

async function startServer(
  upstream: string,
  dataDir: string,
  isRecording: boolean,
): Promise<GuardedTarget> {
  const environment = { LOG_LEVEL: 'error' }
  const server = await startTestServer({ environment, dataDir, isRecording })
  const id = await server.addEmqx(upstream, { plan: 'dedicated', version: 'v5' })
  const operations = v5Catalog.operations.slice(0, 12).map((operation) => operation.id)
  const access = { mode: 'list', operations: [...new Set([...operations, 'GET /clients'])] }
  const { appId, authorization } = await server.createKey(id, { access })
  const path = `/${id}/api/v5/clients?limit=100`
  const wrong = basicAuthorization(appId, `lks_${'x'.repeat(40)}`)
  return {
    port: server.port,
    request: requestFor(path, authorization),
    guess: requestFor(path, wrong),
  }
}

/** The same server with a gateway that asks nobody for a key and looks nothing up. */
async function startPassThrough(upstream: string): Promise<Target> {
  const endpoint = { url: upstream, keyId: 'bench', keySecret: new Secret('bench') }
  const backend = createEmqxBackend(endpoint, { version: 'v5', now })
  const [operation] = v5Catalog.operations
  if (!operation) throw new Error('the catalog is empty')
  const passThrough: Pick<Gateway, 'handle'> = {
    async handle({ target, headers, ...call }) {
      const answer = await backend.call({
        ...call,
        operation,
        parameters: {},
        rawPath: pathBelowV5(target),
        rawQuery: target.rawQuery,
        headers: forwardedHeaders(headers),
      })
      const { status, body } = answer
      const shown = { status, headers: answeredHeaders(answer.headers), body }
      return {
        ...shown,
        outcome: 'allowed',
        deploymentId: target.deploymentId,
        failure: null,
        appId: null,
        detail: null,
        holdFor: 0,
      }
    },
  }
  const addressOf = addressesBehind([])
  const requestIdOf = requestIdsBehind([])
  const metrics = createMetrics()
  const server = createListener({
    gateway: createGatewayListener(passThrough, { log, addressOf, requestIdOf, metrics }),
    management: { fetch: () => new Response(null, { status: 404 }) },
    files: loadStaticFiles('/nowhere'),
    broker: () => undefined,
    publicUrl: null,
    isPublic: false,
    tls: null,
    addressOf,
    log,
    requestIdOf,
    metrics,
    stopping: createGracefulStop(),
  })
  const request = requestFor('/bench/api/v5/clients?limit=100', 'Basic YmVuY2g6YmVuY2g=')
  return { port: portOf(await listen(server)), request }
}

/** As little as a proxy can be: node:http in front, undici behind. */
async function startBareProxy(upstream: string): Promise<Target> {
  const pool = new Pool(upstream, { connections: 128, allowH2: false })
  const server = createServer((request, response) => {
    const { host: _host, connection: _connection, ...headers } = request.headers
    pool
      .request({ path: request.url ?? '/', method: request.method ?? 'GET', headers, body: null })
      .then(({ statusCode, headers, body }) => body.pipe(response.writeHead(statusCode, headers)))
      .catch(() => response.destroy())
  })
  const request = requestFor('/api/v5/clients?limit=100', 'Basic YmVuY2g6YmVuY2g=')
  return { port: portOf(await listen(server)), request }
}

export const targets = {
  gateway: startGateway,
  unrecorded: startUnrecorded,
  passThrough: startPassThrough,
  bareProxy: startBareProxy,
}
export type TargetName = keyof typeof targets
