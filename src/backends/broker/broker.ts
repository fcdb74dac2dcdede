import type { BackendStatus } from '../../contract/backend.ts'
import type { Listener } from '../../contract/deployments/schemas.ts'
import type { BrokerHistory } from './history.ts'

export type Qos = 0 | 1 | 2

/** One topic filter of one session. */
export type BrokerSubscription = {
  clientId: string
  topic: string
  qos: Qos
  /** No Local, Retain As Published and Retain Handling of MQTT 5; all 0 for MQTT 3 clients. */
  nl: 0 | 1
  rap: 0 | 1
  rh: 0 | 1 | 2
}

/** What a client's connection has carried since it was made. */
export type ClientTraffic = {
  /** Bytes, MQTT control packets, and PUBLISH packets by QoS 0, 1, 2. */
  received: { bytes: number; packets: number; publishes: readonly [number, number, number] }
  sent: { bytes: number; packets: number; publishes: readonly [number, number, number] }
}

/** One session: a connected client, or a persistent session that waits for its client. */
export type BrokerClient = {
  clientId: string
  username: string | null
  protocolName: 'MQTT'
  /** The protocol level on the wire: 3 for MQTT 3.1, 4 for 3.1.1, 5 for 5.0. */
  protocolVersion: 3 | 4 | 5
  /** Address and port the client connects, or last connected, from. */
  ipAddress: string
  port: number
  listener: 'tcp:default' | 'ws:default'
  isBridge: boolean
  connected: boolean
  /** When the session was made. */
  createdAt: Date
  connectedAt: Date
  /** Null while connected. */
  disconnectedAt: Date | null
  cleanStart: boolean
  /** Seconds; 0 is off. */
  keepalive: number
  /** Seconds the session outlives its connection. */
  expiryInterval: number
  subscriptionCount: number
  traffic: ClientTraffic
}

/** A message to publish; its topic holds no wildcards. */
export type BrokerMessage = { topic: string; payload: Uint8Array; qos: Qos; retain: boolean }

/** What became of a subscription asked for on behalf of a client. */
export type SubscribeOutcome =
  | { outcome: 'subscribed'; subscription: BrokerSubscription }
  /** No such session. */
  | { outcome: 'noClient' }
  /** The broker can't serve this subscription; `reason` is a sentence for people. */
  | { outcome: 'refused'; reason: string }

type PacketName =
  | 'connect.received'
  | 'connack.sent'
  | `${'publish' | 'puback' | 'pubrec' | 'pubrel' | 'pubcomp'}.${'received' | 'sent'}`
  | 'subscribe.received'
  | 'suback.sent'
  | 'unsubscribe.received'
  | 'unsuback.sent'
  | 'pingreq.received'
  | 'pingresp.sent'
  | 'disconnect.received'

/** Counters since the start, by EMQX's dotted names (documented under v4 "Metrics"). */
export type CounterName =
  | 'bytes.received'
  | 'bytes.sent'
  | 'packets.received'
  | 'packets.sent'
  | `packets.${PacketName}`
  | 'messages.received'
  | 'messages.sent'
  | `messages.qos${Qos}.${'received' | 'sent'}`
  | 'messages.publish'
  | 'messages.retained'
  | 'client.connected'
  | 'client.disconnected'
  | 'session.created'
  | 'session.resumed'
  | 'session.terminated'

/** Those a broker doesn't count are absent, never 0. */
export type BrokerCounters = Partial<Record<CounterName, number>>

/**
 * A message broker as the Deployment API needs it: what it holds can be read at once, what it
 * does is awaited. Topics and topic filters handed to it have been checked by the caller.
 */
export interface Broker {
  /** The name answered wherever the API names a node. */
  readonly node: string
  /** Most sessions at a time, or null for no limit. */
  readonly sessionLimit: number | null
  readonly history: BrokerHistory
  status(): BackendStatus
  connection(): { host: string; listeners: Listener[] }
  counters(): BrokerCounters

  /** Every session, in the order they were made. */
  clients(): Iterable<BrokerClient>
  client(clientId: string): BrokerClient | undefined
  /** Every subscription of every session. */
  subscriptions(): Iterable<BrokerSubscription>
  subscriptionsOf(clientId: string): Iterable<BrokerSubscription>

  /** Ends connection and session; false when there is no such session. */
  kick(clientId: string): Promise<boolean>
  /**
   * Subscribes a session, as if its client had asked itself; an equal filter is replaced. One
   * that waits for its client holds the subscription for it.
   */
  subscribe(
    clientId: string,
    wanted: Omit<BrokerSubscription, 'clientId'>,
  ): Promise<SubscribeOutcome>
  /** Ends one subscription; false when there is no such session. Lacking the filter is no error. */
  unsubscribe(clientId: string, topic: string): Promise<boolean>
  /**
   * Publishes through the API and keeps it where it is retained.
   *
   * @returns how many sessions subscribe to the topic, waiting ones included
   */
  publish(message: BrokerMessage): Promise<number>

  close(): Promise<void>
}
