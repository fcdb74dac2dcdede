import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EmqxTimeouts } from '../../src/backends/emqx/endpoint.ts'
import type { Role } from '../../src/contract/accounts/roles.ts'
import { createdTokenSchema } from '../../src/contract/accounts/schemas.ts'
import type { Plan, Version } from '../../src/contract/deployments/plans.ts'
import { deploymentSchema } from '../../src/contract/deployments/schemas.ts'
import { basicAuthorization } from '../../src/contract/keys/credentials.ts'
import { createdApiKeySchema } from '../../src/contract/keys/schemas.ts'
import { readConfig } from '../../src/server/config/config.ts'
import { createLog } from '../../src/server/runtime/logs.ts'
import { startServer } from '../../src/server/server.ts'
import type { PasswordCost } from '../../src/server/sign-in/passwords.ts'
import { seeSecrets } from './seen-secrets.ts'

export type TestKey = { appId: string; appSecret: string; authorization: string }

/** Somebody's session: its cookie, and the headers that a browser with it sends along. */
export type TestSession = { username: string; cookie: string; headers: Record<string, string> }

/** A whole server on a free port, with a data folder of its own. For tests. */
export type TestServer = {
  url: string
  port: number
  dataDir: string
  /** What it logged, a JSON object a line. */
  lines: string[]
  /** What it printed past its log. */
  printed: string[]
  /** Asks the management API, with an administrator's token where no credential is given. */
  api(
    method: string,
    path: string,
    json?: unknown,
    headers?: Record<string, string>,
  ): Promise<Response>
  /** Adds a deployment over an EMQX at this address and returns its id. */
  addEmqx(url: string, edition: { plan: Plan; version: Version }): Promise<string>
  createKey(deploymentId: string, json: unknown): Promise<TestKey>
  /** The secret of a new automation token. */
  createToken(role: Role): Promise<string>
  /** The secret of an administrator's token, one for all of the test. */
  token(): Promise<string>
  /** Adds a user and signs in as one. */
  signInAs(role: Role): Promise<TestSession>
  /** Signs in; as the first administrator where nobody is given. */
  signIn(username?: string, password?: string): Promise<TestSession>
  /** Resolves once the calls made until now are in what the API tells of use. */
  settle(): Promise<void>
  stop(): Promise<void>
}

const UPSTREAM_SECRET = 'upstream-s3cret'

/** The password of the first administrator. */
export const ADMIN_PASSWORD = 'correct horse battery'
export const USER_PASSWORD = 'staple for people'
// The least that Argon2 takes.
const CHEAP: PasswordCost = { memory: 8, passes: 1 }

type Options = {
  environment?: Record<string, string>
  /** Where it is kept after the server stops, for another to start on. */
  dataDir?: string
  consoleFolder?: string
  emqxTimeouts?: EmqxTimeouts
  providerTimeout?: number
  now?: () => Date
  isRecording?: boolean
}

export async function startTestServer({
  environment,
  dataDir,
  consoleFolder = '/nowhere',
  emqxTimeouts,
  providerTimeout,
  now = () => new Date(),
  isRecording = true,
}: Options = {}): Promise<TestServer> {
  const folder = dataDir ?? mkdtempSync(join(tmpdir(), 'latchkey-server-'))
  const lines: string[] = []
  const printed: string[] = []
  const config = readConfig({
    PORT: '0',
    MQTT_PORT: '0',
    SAMPLES: 'off',
    LOG_LEVEL: 'debug',
    DATA_DIR: folder,
    ADMIN_PASSWORD,
    ...environment,
  })
  const server = await startServer({
    config,
    consoleFolder,
    now,
    random: (length) => new Uint8Array(randomBytes(length)),
    log: createLog(config.logLevel, { write: (line) => lines.push(line), now }),
    print: (line) => printed.push(line),
    passwordCost: CHEAP,
    isRecording,
    ...(emqxTimeouts && { emqxTimeouts }),
    ...(providerTimeout !== undefined && { providerTimeout }),
  })
  const { url } = server
  const secrets = seeSecrets()
  secrets.ofRequest({ password: config.adminPassword?.reveal() })
  const send: TestServer['api'] = async (method, path, json, headers) => {
    secrets.ofRequest(json)
    const answer = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: { ...(json !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(json !== undefined && { body: JSON.stringify(json) }),
    })
    await secrets.ofAnswer(answer)
    return answer
  }

  const signIn: TestServer['signIn'] = async (
    username = 'admin',
    password = environment?.['ADMIN_PASSWORD'] ?? ADMIN_PASSWORD,
  ) => {
    const answer = await send('POST', '/session', { username, password })
    const cookie = sessionCookieOf(answer)
    if (cookie === undefined) throw new Error(`sign-in answered ${answer.status}`)
    return { username, cookie, headers: { cookie } }
  }
  const createToken = async (role: Role, headers: Record<string, string>): Promise<string> => {
    const token = { name: `${role}'s scripts`, role, expiresAt: null }
    const created = await send('POST', '/tokens', token, headers)
    return createdTokenSchema.parse(await created.json()).secret
  }
  let made: Promise<string> | undefined
  const token = () =>
    (made ??= signIn().then(({ headers }) => createToken('administrator', headers)))
  const api: TestServer['api'] = async (method, path, json, headers = {}) => {
    if (headers['cookie'] !== undefined || headers['authorization'] !== undefined) {
      return send(method, path, json, headers)
    }
    return send(method, path, json, { ...headers, authorization: `Bearer ${await token()}` })
  }
  return {
    url,
    port: Number(new URL(url).port),
    dataDir: folder,
    lines,
    printed,
    api,
    signIn,
    token,
    createToken: async (role) => createToken(role, (await signIn()).headers),
    async signInAs(role) {
      const username = `${role}-${randomBytes(4).toString('hex')}`
      await api('POST', '/users', { username, password: USER_PASSWORD, role })
      return signIn(username, USER_PASSWORD)
    },
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
    settle: () => server.flush(),
    async stop() {
      await server.stop()
      if (dataDir === undefined) rmSync(folder, { recursive: true, force: true })
      // Whatever a test is about, what it logged at debug level holds no secret that it made.
      const leak = secrets.findIn(lines)
      if (leak !== undefined) throw new Error(`a secret got into the log: ${leak}`)
    },
  }
}

/** The session's cookie that an answer sets, as a browser would send it back. */
export function sessionCookieOf(answer: Response): string | undefined {
  const cookies = answer.headers.getSetCookie().map((cookie) => cookie.split(';', 1)[0] ?? '')
  return cookies.find((cookie) => /^(?:__Host-)?latchkey-session=./.test(cookie))
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

/** What asks for a WebSocket, but for its subprotocol (RFC 6455 section 4.1). */
export const websocketHeaders = [
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
]
