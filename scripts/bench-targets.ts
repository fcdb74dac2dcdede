import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import { Pool } from 'undici'
import { createEmqxBackend } from '../src/backends/emqx/emqx-backend.ts'
import { v5Catalog } from '../src/contract/catalog/v5.ts'
import { basicAuthorization } from '../src/contract/credentials.ts'
import { createdApiKeySchema, deploymentSchema } from '../src/contract/schemas.ts'
import type { Gateway } from '../src/gateway/gateway.ts'
import { answeredHeaders, forwardedHeaders } from '../src/gateway/headers.ts'
import { pathBelowV5 } from '../src/gateway/target.ts'
import { addressesBehind } from '../src/server/addresses.ts'
import { readConfig } from '../src/server/config.ts'
import { createGatewayListener } from '../src/server/gateway-listener.ts'
import { createListener } from '../src/server/listener.ts'
import { createLog } from '../src/server/logs.ts'
import { startServer } from '../src/server/server.ts'
import { loadStaticFiles } from '../src/server/static-files.ts'
import { listen, portOf } from './bench-load.ts'

/** A server to measure, and the request that it answers. */
export type Target = { port: number; request: string }

const ADMIN_PASSWORD = 'of this one run'
const now = () => new Date()
const log = createLog('error', { write: (line) => process.stderr.write(line), now })

function requestFor(path: string, authorization: string): string {
  return `GET ${path} HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\nUser-Agent: bench\r\nAuthorization: ${authorization}\r\n\r\n`
}

/** Latchkey as it is, a key with a list of operations, an EMQX behind it. */
async function startGateway(upstream: string, dataDir: string): Promise<Target> {
  const config = readConfig({
    PORT: '0',
    SAMPLES: 'off',
    LOG_LEVEL: 'error',
    DATA_DIR: dataDir,
    ADMIN_PASSWORD,
  })
  const { url } = await startServer({
    config,
    consoleFolder: '/nowhere',
    now,
    random: (length) => new Uint8Array(randomBytes(length)),
    log,
    print: () => {},
  })
  const send = (path: string, json: unknown, headers: Record<string, string> = {}) =>
    fetch(`${url}/api/v1${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: url, ...headers },
      body: JSON.stringify(json),
    })
  const session = await send('/session', { username: 'admin', password: ADMIN_PASSWORD })
  const [cookie = ''] = (session.headers.get('set-cookie') ?? '').split(';', 1)
  const post = async (path: string, json: unknown): Promise<unknown> =>
    (await send(path, json, { cookie })).json()
  const backend = { kind: 'emqx', url: upstream, keyId: 'bench', keySecret: 'bench' }
  const added = await post('/deployments', { name: 'bench', plan: 'dedicated', backend })
  const { id } = deploymentSchema.parse(added)
  const operations = v5Catalog.operations.slice(0, 12).map((operation) => operation.id)
  const access = { mode: 'list', operations: [...new Set([...operations, 'GET /clients'])] }
  const created = await post(`/deployments/${id}/api-keys`, { access })
  const { apiKey, appSecret } = createdApiKeySchema.parse(created)
  const authorization = basicAuthorization(apiKey.appId, appSecret)
  return {
    port: Number(new URL(url).port),
    request: requestFor(`/${id}/api/v5/clients?limit=100`, authorization),
  }
}

/** The same server with a gateway that asks nobody for a key and looks nothing up. */
async function startPassThrough(upstream: string): Promise<Target> {
  const endpoint = { url: upstream, keyId: 'bench', keySecret: 'bench' }
  const backend = createEmqxBackend(endpoint, { version: 'v5', now })
  const [operation] = v5Catalog.operations
  if (!operation) throw new Error('the catalog is empty')
  const passThrough: Gateway = {
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
      return { ...shown, outcome: 'allowed', appId: null, detail: null, holdFor: 0 }
    },
  }
  const addressOf = addressesBehind([])
  const server = createListener({
    gateway: createGatewayListener(passThrough, { log, addressOf }),
    management: { fetch: () => new Response(null, { status: 404 }) },
    files: loadStaticFiles('/nowhere'),
    broker: () => undefined,
    publicUrl: null,
    isPublic: false,
    tls: null,
    addressOf,
    log,
    newRequestId: () => '',
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
  passThrough: startPassThrough,
  bareProxy: startBareProxy,
}
export type TargetName = keyof typeof targets
