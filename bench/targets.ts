import { createServer } from 'node:http'
import { Readable } from 'node:stream'
import { Pool } from 'undici'
import { createEmqxBackend } from '../src/backends/emqx/emqx-backend.ts'
import type { Backend } from '../src/contract/backend.ts'
import { v5Catalog } from '../src/contract/catalog/v5.ts'
import { basicAuthorization } from '../src/contract/keys/credentials.ts'
import { Secret } from '../src/contract/secret.ts'
import type { Gateway } from '../src/gateway/gateway.ts'
import { answeredHeaders, forwardedHeaders } from '../src/gateway/headers.ts'
import { pathBelowV5 } from '../src/gateway/target.ts'
import { addressesBehind } from '../src/server/http/client-addresses.ts'
import { createGatewayListener } from '../src/server/http/gateway-listener.ts'
import { createGracefulShutdown } from '../src/server/http/graceful-shutdown.ts'
import { createListener } from '../src/server/http/listener.ts'
import { requestIdsBehind } from '../src/server/http/request-ids.ts'
import { loadStaticFiles } from '../src/server/http/static-files.ts'
import { createMetrics } from '../src/server/metrics/metrics.ts'
import { createLog } from '../src/server/runtime/logs.ts'
import { disablePretenuring } from '../src/server/runtime/v8-flags.ts'
import { startTestServer } from '../test/harness/test-server.ts'
import { startBetterAuth } from './better-auth.ts'
import { listen, PATH, portOf, requestOf } from './load.ts'
import { callersOf, configOf, DEPLOYMENT, environmentOf, fillStore } from './store.ts'
import type { Target, TargetSpec } from './target.ts'

const ANYBODY = 'Basic YmVuY2g6YmVuY2g='

const now = () => new Date()
const log = createLog('error', { write: (line) => process.stderr.write(line), now })

/** Latchkey as it is, or but that it records nothing of the use of keys; an EMQX behind it. */
async function startGateway(spec: TargetSpec): Promise<Target> {
  const { upstream, dataDir, keys, databaseUrl, kind } = spec
  const credentials = await fillStore(configOf(dataDir, databaseUrl), {
    upstream,
    keys,
    used: false,
  })
  const server = await startTestServer({
    environment: environmentOf(dataDir, databaseUrl),
    dataDir,
    isRecording: kind === 'gateway',
  })
  const path = `/${DEPLOYMENT}${PATH}`
  const callers = callersOf(credentials)
  const [first] = callers
  const wrong = basicAuthorization(first?.appId ?? '', `lks_${'x'.repeat(40)}`)
  return {
    port: server.port,
    requests: callers.map(({ appId, appSecret }) =>
      requestOf(path, basicAuthorization(appId, appSecret)),
    ),
    wrongSecret: requestOf(path, wrong),
    settle: () => server.settle(),
  }
}

/** Forwards calls as a backend does, by undici in place of our client. */
function undiciBackend(upstream: string): Pick<Backend, 'call'> {
  const pool = new Pool(upstream, { connections: 128, allowH2: false })
  const authorization = basicAuthorization('bench', 'bench')
  return {
    async call({ method, rawPath, rawQuery, headers, body, signal }) {
      const { statusCode, ...response } = await pool.request({
        path: `/api/v5${rawPath}${rawQuery}`,
        method,
        headers: { ...headers, authorization },
        body: body && Readable.from(body),
        signal,
      })
      return { status: statusCode, headers: response.headers, body: response.body }
    },
  }
}

/** The same server with a gateway that checks nothing and looks nothing up. */
async function startPassThrough({ upstream, kind }: TargetSpec): Promise<Target> {
  disablePretenuring()
  const endpoint = { url: upstream, keyId: 'bench', keySecret: new Secret('bench') }
  const backend =
    kind === 'passThroughUndici'
      ? undiciBackend(upstream)
      : createEmqxBackend(endpoint, { version: 'v5', now })
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
      return {
        status,
        headers: answeredHeaders(answer.headers),
        body,
        outcome: 'allowed',
        deploymentId: target.deploymentId,
        failure: null,
        appId: null,
        detail: null,
        delayMs: 0,
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
    shutdown: createGracefulShutdown(),
  })
  const request = requestOf(`/${DEPLOYMENT}${PATH}`, ANYBODY)
  return { port: portOf(await listen(server)), requests: [request], wrongSecret: request }
}

/** As little as a proxy can be: node:http in front, undici behind. */
async function startBareProxy({ upstream }: TargetSpec): Promise<Target> {
  const pool = new Pool(upstream, { connections: 128, allowH2: false })
  const server = createServer((request, response) => {
    const { host: _host, connection: _connection, ...headers } = request.headers
    pool
      .request({ path: request.url ?? '/', method: request.method ?? 'GET', headers, body: null })
      .then(({ statusCode, headers, body }) => body.pipe(response.writeHead(statusCode, headers)))
      .catch(() => response.destroy())
  })
  const request = requestOf(PATH, ANYBODY)
  return { port: portOf(await listen(server)), requests: [request], wrongSecret: request }
}

const starters: Record<TargetSpec['kind'], (spec: TargetSpec) => Promise<Target>> = {
  gateway: startGateway,
  unrecorded: startGateway,
  passThrough: startPassThrough,
  passThroughUndici: startPassThrough,
  bareProxy: startBareProxy,
  betterAuth: startBetterAuth,
}

/** Starts what is to be measured, in this process. */
export function startTarget(spec: TargetSpec): Promise<Target> {
  return starters[spec.kind](spec)
}
