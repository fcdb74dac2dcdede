import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { connect, type IClientOptions, type IPublishPacket, type MqttClient } from 'mqtt'
import { vi } from 'vitest'
import { brokerBackend } from '../../src/backends/broker/broker-backend.ts'
import type { Backend } from '../../src/contract/backend.ts'
import { catalogOf } from '../../src/contract/catalog/catalog.ts'
import type { Edition } from '../../src/contract/deployments/plans.ts'
import { startAedesBroker, type AedesBroker } from '../../src/server/broker/aedes-broker.ts'

// Real sockets on a machine that may be busy with other tests.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 })

export const editions = {
  dedicated: { plan: 'dedicated', version: 'v5' },
  serverless: { plan: 'serverless', version: 'v5' },
  v4: { plan: 'dedicated', version: 'v4' },
} as const satisfies Record<string, Edition>

export type Answer = { status: number; headers: Record<string, unknown>; json: unknown }

export type CallOptions = {
  parameters?: Record<string, string>
  query?: string
  method?: string
  /** Sent as JSON. */
  json?: unknown
  /** Sent as it is, one chunk each. */
  chunks?: Uint8Array[]
  headers?: Record<string, string>
  signal?: AbortSignal
}

type Message = { topic: string; payload: Buffer; packet: IPublishPacket }

/** One embedded deployment on real sockets, with clients that close with it. */
export class TestDeployment {
  readonly broker: AedesBroker
  readonly backend: Backend
  readonly #errors: unknown[]
  readonly #edition: Edition
  readonly #http: Server
  readonly #clients: MqttClient[] = []
  readonly #received = new Map<MqttClient, Message[]>()

  private constructor(
    edition: Edition,
    { broker, http, errors }: { broker: AedesBroker; http: Server; errors: unknown[] },
  ) {
    this.#edition = edition
    this.#http = http
    this.broker = broker
    this.#errors = errors
    let messages = 0
    const newMessageId = () => (messages += 1).toString(16).padStart(32, '0')
    this.backend = brokerBackend({ edition, broker, newMessageId })
  }

  static async open(edition: Edition, sessionLimit: number | null = null): Promise<TestDeployment> {
    const errors: unknown[] = []
    const http = createServer()
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
    const broker = await startAedesBroker({
      host: '127.0.0.1',
      port: 0,
      node: 'latchkey@test',
      sessionLimit,
      webSocketListener: () => ({
        protocol: 'ws',
        port: portOf(http),
        path: '/test/mqtt',
        enabled: true,
      }),
      now: () => new Date(),
      onError: (error) => errors.push(error),
    })
    http.on('upgrade', (request, socket, head) => broker.handleUpgrade(request, socket, head))
    return new TestDeployment(edition, { broker, http, errors })
  }

  portOf(protocol: 'mqtt' | 'ws'): number {
    const { listeners } = this.broker.connection()
    return listeners.find((listener) => listener.protocol === protocol)?.port ?? 0
  }

  /** Connects an MQTT client; rejects when the broker refuses it. */
  async connect(
    options: IClientOptions = {},
    protocol: 'mqtt' | 'ws' = 'mqtt',
  ): Promise<MqttClient> {
    const path = protocol === 'ws' ? '/test/mqtt' : ''
    const client = connect(`${protocol}://127.0.0.1:${this.portOf(protocol)}${path}`, {
      reconnectPeriod: 0,
      protocolVersion: 4,
      ...options,
    })
    this.#clients.push(client)
    const messages: Message[] = []
    this.#received.set(client, messages)
    client.on('message', (topic, payload, packet) => messages.push({ topic, payload, packet }))
    await new Promise<void>((resolve, reject) => {
      client.once('connect', () => resolve())
      client.once('error', reject)
      client.once('close', () => reject(new Error('the connection was closed')))
    })
    client.on('error', () => client.end(true))
    return client
  }

  /** What a client has got so far, in order. */
  received(client: MqttClient): Message[] {
    return this.#received.get(client) ?? []
  }

  async call(operationId: string, options: CallOptions = {}): Promise<Answer> {
    const operation = catalogOf(this.#edition).byId.get(operationId)
    if (!operation) throw new Error(`${operationId} is not in the catalog`)
    const { parameters = {}, query = '', method = operation.method, headers = {} } = options
    const { signal = new AbortController().signal } = options
    const chunks =
      options.chunks ??
      (options.json === undefined ? null : [Buffer.from(JSON.stringify(options.json))])
    const answer = await this.backend.call({
      operation,
      parameters,
      method,
      rawPath: operation.path,
      rawQuery: query,
      headers,
      body: chunks && streamOf(chunks),
      signal,
    })
    const { body } = answer
    if (body !== null && !(body instanceof Uint8Array)) throw new Error('a stream was not expected')
    const text = body === null ? '' : Buffer.from(body).toString()
    const json: unknown = text === '' ? null : JSON.parse(text)
    return { status: answer.status, headers: answer.headers, json }
  }

  /** Throws when anything went wrong inside the broker meanwhile. */
  async close(): Promise<void> {
    for (const client of this.#clients) client.end(true)
    await this.backend.close()
    this.#http.closeAllConnections()
    await new Promise<void>((resolve) => this.#http.close(() => resolve()))
    if (this.#errors.length > 0) throw new AggregateError(this.#errors, 'errors in the broker')
  }
}

async function* streamOf(chunks: Uint8Array[]): AsyncIterable<Uint8Array> {
  yield* chunks
}

function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address()
  return typeof address === 'object' && address ? address.port : 0
}

/** The next message that a client gets. */
export async function nextMessage(client: MqttClient): Promise<Message> {
  return new Promise((resolve) => {
    client.once('message', (topic, payload, packet) => resolve({ topic, payload, packet }))
  })
}

export async function untilClosed(client: MqttClient): Promise<void> {
  if (!client.connected) return
  await new Promise<void>((resolve) => client.once('close', () => resolve()))
}

/** The rows of an answered list. */
export function rowsOf(json: unknown): Record<string, unknown>[] {
  if (typeof json !== 'object' || json === null || !('data' in json)) return []
  return Array.isArray(json.data) ? json.data : []
}

/** Waits for something to become true, however busy the machine is. */
export async function until(condition: () => boolean): Promise<void> {
  await vi.waitUntil(condition, { timeout: 15_000, interval: 5 })
}
