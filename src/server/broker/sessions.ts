import type { Client } from 'aedes'
import type { BrokerClient, BrokerSubscription } from '../../backends/broker/broker.ts'
import type { BrokerHistory } from '../../backends/broker/history.ts'
import type { MqttConnection } from './connection.ts'
import { OutgoingQueue, type QueueBudget } from './queue.ts'
import { SubscriptionIndex, subscriptionBytes } from './subscriptions.ts'
import { clientTraffic } from './traffic.ts'

/** EMQX's default life of an MQTT 3 session without its client (`session_expiry_interval`). */
const SESSION_EXPIRY_SECONDS = 7200
const SUBSCRIPTIONS_MAX = 1000
// Of all sessions together, like what they queue.
const SUBSCRIPTION_BYTES_MAX = 64 * 1024 * 1024

/** What a client said of itself when it connected. */
export type ConnectFacts = Pick<
  BrokerClient,
  'username' | 'protocolVersion' | 'isBridge' | 'cleanStart' | 'keepalive'
>

export type Session = {
  readonly clientId: string
  readonly createdAt: Date
  facts: ConnectFacts
  /** Null while the session waits for its client. */
  client: Client | null
  /** The last one, once it is over. */
  connection: MqttConnection
  connectedAt: Date
  disconnectedAt: Date | null
  readonly subscriptions: Map<string, BrokerSubscription>
  /** QoS 1 and 2 messages that the client of a persistent session hasn't confirmed. */
  readonly queue: OutgoingQueue
  /** Ids of QoS 2 messages from the client whose handshake isn't over. */
  readonly received: Set<number>
  expiry: NodeJS.Timeout | null
}

/**
 * The sessions of one broker: those of connected clients, and persistent ones that wait. As
 * with aedes, a session without its client lives on through its subscriptions: one that has
 * none holds nothing that its client could come back to, and ends with the connection.
 */
export class Sessions {
  readonly #now: () => Date
  readonly #history: Pick<BrokerHistory, 'sessions' | 'subscriptions'>
  readonly #budget: QueueBudget
  readonly #byClientId = new Map<string, Session>()
  readonly #index = new SubscriptionIndex()
  readonly counts = { created: 0, resumed: 0, terminated: 0, connected: 0, disconnected: 0 }

  constructor(now: () => Date, history: BrokerHistory, budget: QueueBudget) {
    this.#now = now
    this.#history = history
    this.#budget = budget
  }

  get size(): number {
    return this.#byClientId.size
  }

  get(clientId: string): Session | undefined {
    return this.#byClientId.get(clientId)
  }

  all(): Iterable<Session> {
    return this.#byClientId.values()
  }

  /** The session that a client holds now; one that another connection took over is not its. */
  of(client: Client): Session | undefined {
    const session = this.#byClientId.get(client.id)
    return session?.client === client ? session : undefined
  }

  /** Sessions that subscribe to a topic, each with its highest matching subscription. */
  subscribedTo(topic: string): Map<string, BrokerSubscription> {
    return this.#index.matching(topic)
  }

  /** Takes in a client that aedes has accepted: it resumes its session or gets a new one. */
  connect(client: Client, connection: MqttConnection, facts: ConnectFacts): void {
    const before = this.#byClientId.get(client.id)
    const now = this.#now()
    this.counts.connected += 1
    if (before && !before.facts.cleanStart && !facts.cleanStart) {
      if (before.expiry) clearTimeout(before.expiry)
      const resumed = { facts, client, connection, connectedAt: now, disconnectedAt: null }
      Object.assign(before, resumed, { expiry: null })
      this.counts.resumed += 1
      return
    }
    if (before) this.discard(before)
    this.#byClientId.set(client.id, {
      clientId: client.id,
      createdAt: now,
      facts,
      client,
      connection,
      connectedAt: now,
      disconnectedAt: null,
      subscriptions: new Map(),
      queue: new OutgoingQueue(this.#budget),
      received: new Set(),
      expiry: null,
    })
    this.counts.created += 1
    this.#record()
  }

  /** Notes that a client has gone; its session stays if it is one that waits. */
  disconnect(client: Client): void {
    this.counts.disconnected += 1
    const session = this.of(client)
    if (!session) return
    session.client = null
    if (session.facts.cleanStart || session.subscriptions.size === 0) {
      this.discard(session)
      return
    }
    session.disconnectedAt = this.#now()
    session.expiry = setTimeout(() => this.discard(session), SESSION_EXPIRY_SECONDS * 1000)
    session.expiry.unref()
  }

  /** Ends a session, with all it holds. */
  discard(session: Session): void {
    if (this.#byClientId.get(session.clientId) !== session) return
    this.#byClientId.delete(session.clientId)
    this.counts.terminated += 1
    if (session.expiry) clearTimeout(session.expiry)
    session.queue.clear()
    for (const subscription of session.subscriptions.values()) this.#index.delete(subscription)
    this.#record()
  }

  /**
   * Why a session can't hold one more subscription, as a sentence for people; undefined when it
   * can. One that it has already is only replaced.
   */
  fullProblem({ subscriptions }: Session, topic: string): string | undefined {
    if (subscriptions.has(topic)) return undefined
    if (subscriptions.size >= SUBSCRIPTIONS_MAX) {
      return `A client of the embedded broker has at most ${SUBSCRIPTIONS_MAX} subscriptions.`
    }
    if (this.#index.bytes + subscriptionBytes(topic) > SUBSCRIPTION_BYTES_MAX) {
      return 'The clients of the embedded broker have as many subscriptions as it has room for.'
    }
    return undefined
  }

  subscribe(session: Session, subscription: BrokerSubscription): void {
    session.subscriptions.set(subscription.topic, subscription)
    this.#index.add(subscription)
    this.#record()
  }

  unsubscribe(session: Session, topics: readonly string[]): void {
    for (const topic of topics) {
      const subscription = session.subscriptions.get(topic)
      if (subscription) this.#index.delete(subscription)
      session.subscriptions.delete(topic)
    }
    this.#record()
  }

  close(): void {
    for (const session of this.#byClientId.values()) this.discard(session)
  }

  #record(): void {
    this.#history.sessions.set(this.#byClientId.size)
    this.#history.subscriptions.set(this.#index.size)
  }
}

export function toBrokerClient(session: Session): BrokerClient {
  const { clientId, facts, client, connection, subscriptions } = session
  return {
    clientId,
    ...facts,
    protocolName: 'MQTT',
    ...connection.source,
    connected: client !== null,
    createdAt: session.createdAt,
    connectedAt: session.connectedAt,
    disconnectedAt: session.disconnectedAt,
    expiryInterval: facts.cleanStart ? 0 : SESSION_EXPIRY_SECONDS,
    subscriptionCount: subscriptions.size,
    traffic: clientTraffic(connection.traffic),
  }
}
