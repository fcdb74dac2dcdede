import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { Aedes, type Client, type PublishPacket } from 'aedes'
import type {
  Broker,
  BrokerClient,
  BrokerCounters,
  BrokerMessage,
  BrokerSubscription,
  SubscribeOutcome,
} from '../../backends/broker/broker.ts'
import { newBrokerHistory } from '../../backends/broker/history.ts'
import { subscriptionProblem, topicNameProblem } from '../../backends/broker/topics.ts'
import type { BackendStatus } from '../../contract/backend.ts'
import type { Listener } from '../../contract/deployments/schemas.ts'
import { ConnectionPolicy } from './connection-policy.ts'
import { MqttConnection } from './connection.ts'
import { Listeners } from './listeners.ts'
import { SessionPersistence } from './persistence.ts'
import { Sessions, toBrokerClient } from './sessions.ts'
import { newTraffic, wireCounters } from './traffic.ts'

export type AedesBrokerOptions = {
  /** The address that the TCP listener binds to. */
  host: string
  /** The TCP port; 0 is any free one. */
  port: number
  /** The name answered wherever the Deployment API names a node. */
  node: string
  sessionLimit: number | null
  /** Where its WebSockets come in, for showing; undefined while that isn't known. */
  webSocketListener: () => Listener | undefined
  now: () => Date
  /** Told of an error inside the broker; those of its clients' making are none. */
  onError: (error: unknown) => void
}

const CONNECT_TIMEOUT = 10_000
// A client that takes no data keeps other messages waiting, and is cut off after this.
const DRAIN_TIMEOUT = 5000
const QUEUED_BYTES_MAX = 64 * 1024 * 1024

/**
 * Starts an aedes broker for one deployment. It speaks MQTT 3.1 and 3.1.1, lets every client
 * in up to the session limit, and keeps everything in memory. Rejects with Node's error
 * (`EADDRINUSE`) when the port is taken.
 */
export async function startAedesBroker(options: AedesBrokerOptions): Promise<AedesBroker> {
  const broker = new AedesBroker(options)
  await broker.start()
  return broker
}

/** Made by {@link startAedesBroker}. */
export class AedesBroker implements Broker {
  readonly node: string
  readonly sessionLimit: number | null
  readonly history
  readonly #options: AedesBrokerOptions
  readonly #aedes: Aedes
  readonly #sessions: Sessions
  readonly #policy: ConnectionPolicy
  readonly #persistence: SessionPersistence
  readonly #listeners: Listeners
  readonly #traffic = newTraffic()
  #published = 0
  #startedAt: Date | null = null
  #closing: Promise<void> | null = null

  constructor(options: AedesBrokerOptions) {
    this.#options = options
    this.node = options.node
    this.sessionLimit = options.sessionLimit
    this.history = newBrokerHistory(options.now)
    this.#sessions = new Sessions(options.now, this.history, { used: 0, max: QUEUED_BYTES_MAX })
    this.#policy = new ConnectionPolicy(this.#sessions, options.sessionLimit)
    this.#persistence = new SessionPersistence(this.#sessions)
    this.#aedes = this.#newAedes()
    this.#listeners = new Listeners({
      host: options.host,
      port: options.port,
      total: this.#traffic,
      onConnection: (connection) => this.#aedes.handle(connection),
      onPublishSent: () => this.history.messagesOut.add(),
      onError: options.onError,
    })
  }

  async start(): Promise<void> {
    await this.#aedes.listen()
    try {
      await this.#listeners.open()
    } catch (error) {
      await new Promise<void>((resolve) => this.#aedes.close(resolve))
      throw error
    }
    this.#startedAt = this.#options.now()
  }

  #newAedes(): Aedes {
    const sessions = this.#sessions
    const policy = this.#policy
    const aedes = new Aedes({
      persistence: this.#persistence,
      connectTimeout: CONNECT_TIMEOUT,
      drainTimeout: DRAIN_TIMEOUT,
      preConnect: (client, packet, done) => {
        policy.note(client, packet)
        done(null, true)
      },
      authenticate: (client, _username, _password, done) => {
        const returnCode = policy.refusalOf(client)
        if (returnCode === undefined) done(null, true)
        else done(Object.assign(new Error('refused'), { returnCode }), false)
      },
      authorizePublish: (client, packet, done) => {
        const problem = topicNameProblem(packet.topic)
        if (!problem) this.#countPublished()
        // For subscriptions that leave out a client's own messages.
        if (client) Object.assign(packet, { clientId: client.id })
        done(problem ? new Error(problem) : null)
      },
      authorizeSubscribe: (client, wanted, done) => {
        done(null, policy.subscribe(client, wanted) ? wanted : null)
      },
    })
    aedes.on('client', (client) => this.#connected(client))
    aedes.on('subscribe', (_subscriptions, client) => this.#persistence.subscribed(client))
    aedes.on('clientDisconnect', (client) => sessions.disconnect(client))
    aedes.on('unsubscribe', (filters, client) => {
      const session = sessions.of(client)
      if (session) sessions.unsubscribe(session, filters)
    })
    // Not in aedes's types; without a listener it would end the process.
    aedes.addListener('error', this.#options.onError)
    return aedes
  }

  #connected(client: Client): void {
    const facts = this.#policy.takeFacts(client)
    const connection = client.conn
    if (!facts || !(connection instanceof MqttConnection)) return
    this.#listeners.admit(connection)
    const before = this.#sessions.get(client.id)?.client
    this.#sessions.connect(client, connection, facts)
    // aedes has closed it, unless it lost track of a client that was closing anyway.
    before?.close()
  }

  #countPublished(): void {
    this.#published += 1
    this.history.messagesIn.add()
  }

  /** Takes over an HTTP request to upgrade to MQTT over WebSocket, and answers it. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#listeners.handleUpgrade(request, socket, head)
  }

  status(): BackendStatus {
    return { state: this.#startedAt ? 'running' : 'stopped', startedAt: this.#startedAt }
  }

  connection(): { host: string; listeners: Listener[] } {
    const webSocket = this.#options.webSocketListener()
    return {
      host: this.#options.host,
      listeners: [
        { protocol: 'mqtt', port: this.#listeners.port, enabled: this.#startedAt !== null },
        ...(webSocket ? [webSocket] : []),
      ],
    }
  }

  counters(): BrokerCounters {
    const { created, resumed, terminated, connected, disconnected } = this.#sessions.counts
    return {
      ...wireCounters(this.#traffic),
      'messages.publish': this.#published,
      'messages.retained': this.#persistence.retainedCount,
      'client.connected': connected,
      'client.disconnected': disconnected,
      'session.created': created,
      'session.resumed': resumed,
      'session.terminated': terminated,
    }
  }

  *clients(): Iterable<BrokerClient> {
    for (const session of this.#sessions.all()) yield toBrokerClient(session)
  }

  client(clientId: string): BrokerClient | undefined {
    const session = this.#sessions.get(clientId)
    return session && toBrokerClient(session)
  }

  *subscriptions(): Iterable<BrokerSubscription> {
    for (const { subscriptions } of this.#sessions.all()) yield* subscriptions.values()
  }

  subscriptionsOf(clientId: string): Iterable<BrokerSubscription> {
    return this.#sessions.get(clientId)?.subscriptions.values() ?? []
  }

  async kick(clientId: string): Promise<boolean> {
    const session = this.#sessions.get(clientId)
    if (!session) return false
    const { client } = session
    if (client) await new Promise<void>((resolve) => client.close(resolve))
    this.#sessions.discard(session)
    return true
  }

  async subscribe(
    clientId: string,
    wanted: Omit<BrokerSubscription, 'clientId'>,
  ): Promise<SubscribeOutcome> {
    const session = this.#sessions.get(clientId)
    if (!session) return { outcome: 'noClient' }
    const reason = subscriptionProblem(wanted) ?? this.#sessions.fullProblem(session, wanted.topic)
    if (reason !== undefined) return { outcome: 'refused', reason }
    const { client, connection } = session
    if (client) {
      const { topic, qos, nl, rap, rh } = wanted
      const options = { topic, qos, nl: nl === 1, rap: rap === 1, rh }
      // aedes doesn't call back when the client goes meanwhile.
      await untilDoneOrClosed(connection, (done) => client.subscribe(options, done))
    } else {
      this.#sessions.subscribe(session, { clientId, ...wanted })
    }
    const subscription = this.#sessions.get(clientId)?.subscriptions.get(wanted.topic)
    return subscription ? { outcome: 'subscribed', subscription } : { outcome: 'noClient' }
  }

  async unsubscribe(clientId: string, topic: string): Promise<boolean> {
    const session = this.#sessions.get(clientId)
    if (!session) return false
    const { client, connection } = session
    if (client) {
      await untilDoneOrClosed(connection, (done) =>
        client.unsubscribe({ cmd: 'unsubscribe', unsubscriptions: [topic] }, done),
      )
    }
    this.#sessions.unsubscribe(session, [topic])
    return true
  }

  async publish({ topic, payload, qos, retain }: BrokerMessage): Promise<number> {
    const subscribers = this.#sessions.subscribedTo(topic).size
    const packet: PublishPacket = {
      cmd: 'publish',
      topic,
      payload: Buffer.from(payload),
      qos,
      retain,
      dup: false,
    }
    this.#countPublished()
    await new Promise<void>((resolve, reject) => {
      this.#aedes.publish(packet, (error) => (error ? reject(error) : resolve()))
    })
    return subscribers
  }

  /** Ends all connections and listeners; sessions and retained messages are gone with it. */
  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    this.#startedAt = null
    const stopped = this.#listeners.stop()
    await new Promise<void>((resolve) => this.#aedes.close(resolve))
    this.#listeners.destroyAll()
    await stopped
    this.#sessions.close()
  }
}

async function untilDoneOrClosed(
  connection: MqttConnection,
  start: (done: (error?: Error) => void) => void,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  connection.once('close', resolve)
  try {
    start((error) => (error ? reject(error) : resolve()))
    await promise
  } finally {
    connection.off('close', resolve)
  }
}
