import type { BrokerClient, BrokerSubscription } from './broker.ts'
import { badParameter, equals, includes, oneOf, type Filter, type Filters } from './listing.ts'
import { matchesFilter, topicFilterProblem } from './topics.ts'

/** A client as EMQX 5 shows it, with the members that this broker knows. */
export function v5Client(node: string, client: BrokerClient): Record<string, unknown> {
  const { received, sent } = client.traffic
  return {
    ...commonClient(node, client, rfc3339),
    listener: client.listener,
    ...byQos('recv_msg', received.publishes),
    ...byQos('send_msg', sent.publishes),
  }
}

/** A client as EMQX 4 shows it: other times, and no counts by QoS. */
export function v4Client(node: string, client: BrokerClient): Record<string, unknown> {
  return commonClient(node, client, v4Time)
}

function commonClient(
  node: string,
  client: BrokerClient,
  time: (date: Date) => string,
): Record<string, unknown> {
  const { received, sent } = client.traffic
  return {
    node,
    clientid: client.clientId,
    username: client.username,
    proto_name: client.protocolName,
    proto_ver: client.protocolVersion,
    ip_address: client.ipAddress,
    port: client.port,
    is_bridge: client.isBridge,
    connected: client.connected,
    connected_at: time(client.connectedAt),
    ...(client.disconnectedAt && { disconnected_at: time(client.disconnectedAt) }),
    created_at: time(client.createdAt),
    keepalive: client.keepalive,
    clean_start: client.cleanStart,
    expiry_interval: client.expiryInterval,
    subscriptions_cnt: client.subscriptionCount,
    recv_oct: received.bytes,
    recv_pkt: received.packets,
    recv_msg: sum(received.publishes),
    send_oct: sent.bytes,
    send_pkt: sent.packets,
    send_msg: sum(sent.publishes),
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0)
}

function byQos(name: string, counts: readonly number[]): Record<string, number> {
  return Object.fromEntries(counts.map((count, qos) => [`${name}.qos${qos}`, count]))
}

function rfc3339(date: Date): string {
  return date.toISOString().replace('Z', '+00:00')
}

/** `YYYY-MM-DD HH:mm:ss` in UTC. */
function v4Time(date: Date): string {
  return date.toISOString().slice(0, 19).replace('T', ' ')
}

export function v5Subscription(
  node: string,
  { clientId, topic, qos, nl, rap, rh }: BrokerSubscription,
): Record<string, unknown> {
  return { node, clientid: clientId, topic, qos, nl, rap, rh }
}

/** EMQX 4 knows none of MQTT 5's subscription options. */
export function v4Subscription(
  node: string,
  { clientId, topic, qos }: BrokerSubscription,
): Record<string, unknown> {
  return { node, clientid: clientId, topic, qos }
}

/** The client filters that every edition has. */
export const clientFilters: Filters<BrokerClient> = {
  clientid: equals((client) => client.clientId),
  username: equals((client) => client.username),
  ip_address: (value, name) => {
    if (!/^(?:\d{1,3}(?:\.\d{1,3}){3}|[\da-f.]*:[\da-f.:]+)$/i.test(value)) {
      throw badParameter(name, value, 'an IP address')
    }
    return (client) => client.ipAddress.toLowerCase() === value.toLowerCase()
  },
  conn_state: oneOf({
    connected: (client) => client.connected,
    // A connection that hasn't said who it is; it is no client yet, so there is none to show.
    idle: () => false,
    disconnected: (client) => !client.connected,
  }),
  clean_start: oneOf({
    true: (client) => client.cleanStart,
    false: (client) => !client.cleanStart,
  }),
  proto_name: oneOf({
    MQTT: () => true,
    CoAP: () => false,
    LwM2M: () => false,
    'MQTT-SN': () => false,
  }),
  proto_ver: (value, name) => {
    if (!/^\d{1,3}$/.test(value)) throw badParameter(name, value, 'a number such as 4')
    return (client) => client.protocolVersion === Number(value)
  },
}

/** Filters by a part of a name: `like_clientid` and `like_username`, after the edition's prefix. */
export function fuzzyFilters(prefix: '' | '_'): Filters<BrokerClient> {
  return {
    [`${prefix}like_clientid`]: includes((client) => client.clientId),
    [`${prefix}like_username`]: includes((client) => client.username),
  }
}

/**
 * Filters by time, after the edition's prefix. EMQX's documentation has the meanings of its
 * `gte` and `lte` swapped in places; these are as the names say.
 *
 * @param parse the milliseconds since 1970 that a value means, or NaN
 */
export function timeFilters(
  prefix: '' | '_',
  parse: (value: string) => number,
): Filters<BrokerClient> {
  const filter =
    (test: (client: BrokerClient, at: number) => boolean): Filter<BrokerClient> =>
    (value, name) => {
      const at = parse(value)
      if (Number.isNaN(at)) throw badParameter(name, value, 'a time')
      return (client) => test(client, at)
    }
  return {
    [`${prefix}gte_created_at`]: filter(({ createdAt }, at) => createdAt.getTime() >= at),
    [`${prefix}lte_created_at`]: filter(({ createdAt }, at) => createdAt.getTime() <= at),
    [`${prefix}gte_connected_at`]: filter(({ connectedAt }, at) => connectedAt.getTime() >= at),
    [`${prefix}lte_connected_at`]: filter(({ connectedAt }, at) => connectedAt.getTime() <= at),
  }
}

/** EMQX 5's times: milliseconds since 1970, or RFC 3339. */
export function v5TimeOf(value: string): number {
  if (/^\d{1,15}$/.test(value)) return Number(value)
  const isRfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/i.test(value)
  return isRfc3339 ? Date.parse(value) : Number.NaN
}

/**
 * An integer time of the editions whose documentation gives no unit. Seconds until the year
 * 5138 are below this number, milliseconds since 1973 above it.
 */
export function integerTimeOf(value: string): number {
  if (!/^\d{1,15}$/.test(value)) return Number.NaN
  const number = Number(value)
  return number < 1e11 ? number * 1000 : number
}

/** The subscription filters that every edition has. */
export const subscriptionFilters: Filters<BrokerSubscription> = {
  clientid: equals((subscription) => subscription.clientId),
  qos: oneOf({
    0: (subscription) => subscription.qos === 0,
    1: (subscription) => subscription.qos === 1,
    2: (subscription) => subscription.qos === 2,
  }),
}

/** By the name of a shared group: of `$share/{group}/{filter}`, the group. */
export const byShareGroup: Filter<BrokerSubscription> = (value) => (subscription) =>
  subscription.topic.startsWith(`$share/${value}/`)

export const byTopic: Filter<BrokerSubscription> = equals((subscription) => subscription.topic)

/** Subscriptions whose topic filter, read as a topic, matches the one asked for. */
export const byMatchingTopic: Filter<BrokerSubscription> = (value, name) => {
  if (topicFilterProblem(value)) throw badParameter(name, value, 'a topic filter')
  return (subscription) => matchesFilter(subscription.topic, value)
}
