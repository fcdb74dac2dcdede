import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EmqxTimeouts } from '../backends/emqx/endpoint.ts'
import { basicAuthorization } from '../contract/credentials.ts'
import type { Plan, Version } from '../contract/plans.ts'
import { createdApiKeySchema, deploymentSchema } from '../contract/schemas.ts'
import { readConfig } from './config.ts'
import { createLog } from './logs.ts'
import { startServer } from './server.ts'

export type TestKey = { appId: string; appSecret: string; authorization: string }

/** A whole server on a free port, with a data folder of its own. For tests. */
export type TestServer = {
  url: string
  port: number
  dataDir: string
  /** What it logged, a JSON object a line. */
  lines: string[]
  api(
    method: string,
    path: string,
    json?: unknown,
    headers?: Record<string, string>,
  ): Promise<Response>
  /** Adds a deployment over an EMQX at this address and returns its id. */
  addEmqx(url: string, edition: { plan: Plan; version: Version }): Promise<string>
  createKey(deploymentId: string, json: unknown): Promise<TestKey>
  stop(): Promise<void>
}

const UPSTREAM_SECRET = 'upstream-s3cret'

type Options = {
  environment?: Record<string, string>
  /** Where it is kept after the server stops, for another to start on. */
  dataDir?: string
  consoleFolder?: string
  emqxTimeouts?: EmqxTimeouts
}

export async function startTestServer({
  environment,
  dataDir,
  consoleFolder = '/nowhere',
  emqxTimeouts,
}: Options = {}): Promise<TestServer> {
  const folder = dataDir ?? mkdtempSync(join(tmpdir(), 'latchkey-server-'))
  const now = () => new Date()
  const lines: string[] = []
  const config = readConfig({
    PORT: '0',
    MQTT_PORT: '0',
    SAMPLES: 'off',
    LOG_LEVEL: 'debug',
    DATA_DIR: folder,
    ...environment,
  })
  const server = await startServer({
    config,
    consoleFolder,
    now,
    random: (length) => new Uint8Array(randomBytes(length)),
    log: createLog(config.logLevel, { write: (line) => lines.push(line), now }),
    ...(emqxTimeouts && { emqxTimeouts }),
  })
  const { url } = server
  const api: TestServer['api'] = (method, path, json, headers) =>
    fetch(`${url}/api/v1${path}`, {
      method,
      headers: { ...(json !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(json !== undefined && { body: JSON.stringify(json) }),
    })
  return {
    url,
    port: Number(new URL(url).port),
    dataDir: folder,
    lines,
    api,
    async addEmqx(emqx, edition) {
      const backend = { kind: 'emqx', url: emqx, keyId: 'upstream', keySecret: UPSTREAM_SECRET }
      const name = `${edition.plan} ${edition.version}`
      const added = await api('POST', '/deployments', { name, ...edition, backend })
      return deploymentSchema.parse(await added.json()).id
    },
    async createKey(deploymentId, json) {
      const created = await api('POST', `/deployments/${deploymentId}/api-keys`, json)
      const { apiKey, appSecret } = createdApiKeySchema.parse(await created.json())
      const { appId } = apiKey
      return { appId, appSecret, authorization: basicAuthorization(appId, appSecret) }
    },
    async stop() {
      await server.stop()
      if (dataDir === undefined) rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Sends these bytes over a connection of their own and returns all that comes back. */
export function sendRaw(port: number, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    let answer = ''
    socket.setEncoding('latin1')
    socket.on('data', (piece) => (answer += String(piece)))
    socket.on('end', () => resolve(answer))
    socket.on('error', reject)
    socket.write(bytes, 'latin1')
  })
}
