import type {
  Broker,
  BrokerClient,
  BrokerCounters,
  BrokerSubscription,
  ClientTraffic,
} from '../../backends/broker/broker.ts'
import { newBrokerHistory, type BrokerHistory } from '../../backends/broker/history.ts'
import { isSharedFilter, matchesFilter } from '../../backends/broker/topics.ts'
import { SERIES } from '../../contract/deployments/series.ts'
import { hashToFraction } from './seeded.ts'
import { simulateDevices, type Device, type DeviceGroup } from './simulated-devices.ts'

/** Changes to a simulated broker. Its seed and the clock determine the rest. */
export type BrokerChanges = {
  /** Client ids that stay disconnected. */
  kicked: string[]
  /** Subscriptions of the clients whose subscriptions were changed. */
  subscriptions: Record<string, Omit<BrokerSubscription, 'clientId'>[]>
  /** Messages published through the API since the start, and their deliveries. */
  published: number
  delivered: number
  /** The recent ones, for the charts. */
  recent: { at: number; delivered: number }[]
}

export type SimulatedBrokerOptions = {
  seed: string
  fleet: DeviceGroup
  sessionLimit: number
  /** When the broker started and its devices began to connect. */
  start: Date
  now: () => Date
  /** Mutated in place, so that the host can persist it. */
  changes: BrokerChanges
}

const SLOT = SERIES.secondsPerSlot * 1000
const MESSAGE_BYTES = 96
// Average deliveries of a device's message.
const RECEIVERS = 1.6
const NODE = 'latchkey@demo'

/** The load of the connected devices; messages per second. */
type Load = { sessions: number; subscriptions: number; rate: number }

export function noBrokerChanges(): BrokerChanges {
  return { kicked: [], subscriptions: {}, published: 0, delivered: 0, recent: [] }
}

/**
 * A broker of simulated devices. It has no state but {@link BrokerChanges}: seed and clock
 * determine connections and traffic, so it survives a restart of the worker that holds it.
 */
export function simulatedBroker(options: SimulatedBrokerOptions): Broker {
  const { seed, fleet, sessionLimit, start, now, changes } = options
  const devices = new Map(
    simulateDevices(seed, fleet, start).map((device) => [device.clientId, device] as const),
  )

  function topicsOf({ clientId, subscriptions }: Device) {
    return changes.subscriptions[clientId] ?? subscriptions
  }

  function subscriptionsOfDevice(device: Device): BrokerSubscription[] {
    const { clientId } = device
    return topicsOf(device).map((one) => ({ clientId, nl: 0, rap: 0, rh: 0, ...one }))
  }

  function present(time: Date): Device[] {
    const kicked = new Set(changes.kicked)
    return [...devices.values()].filter(
      (device) => !kicked.has(device.clientId) && device.connectedAt(time),
    )
  }

  function presentOne(clientId: string): Device | undefined {
    const device = devices.get(clientId)
    const isThere = device?.connectedAt(now()) && !changes.kicked.includes(clientId)
    return isThere ? device : undefined
  }

  function trafficOf(device: Device, seconds: number): ClientTraffic {
    const published = Math.floor(seconds * device.rate)
    const pings = Math.floor(seconds / device.keepalive)
    const commands = Math.floor(published / 40)
    return {
      received: {
        bytes: published * MESSAGE_BYTES + pings * 2,
        packets: published + pings + 2,
        publishes: [published, 0, 0],
      },
      sent: {
        bytes: commands * MESSAGE_BYTES + pings * 2,
        packets: commands + pings + 2,
        publishes: [0, commands, 0],
      },
    }
  }

  function toClient(device: Device): BrokerClient {
    const connectedAt = device.connectedAt(now()) ?? now()
    const seconds = (now().getTime() - connectedAt.getTime()) / 1000
    return {
      clientId: device.clientId,
      username: device.username,
      protocolName: 'MQTT',
      protocolVersion: device.protocolVersion,
      ipAddress: device.ipAddress,
      port: device.port,
      listener: device.overWebSocket ? 'ws:default' : 'tcp:default',
      isBridge: false,
      connected: true,
      createdAt: connectedAt,
      connectedAt,
      disconnectedAt: null,
      cleanStart: true,
      keepalive: device.keepalive,
      expiryInterval: 0,
      subscriptionCount: topicsOf(device).length,
      traffic: trafficOf(device, seconds),
    }
  }

  // Feeds the history slot by slot up to now.
  let fed = new Date(now().getTime() - (SERIES.slots + 2) * SLOT)
  const history = newBrokerHistory(() => fed)
  let replayed = changes.recent.filter(({ at }) => at >= fed.getTime())
  changes.recent = [...replayed]

  function feed(): BrokerHistory {
    // After a clock was set back, no slot may be fed twice.
    const until = Math.max(now().getTime(), fed.getTime())
    const kicked = new Set(changes.kicked)
    const loadAt = loadsFrom(
      fed,
      [...devices.values()].filter(({ clientId }) => !kicked.has(clientId)),
    )
    for (let slot = Math.floor(fed.getTime() / SLOT) + 1; slot * SLOT <= until; slot += 1) {
      feedSlot(slot, feedGauges(new Date(slot * SLOT)))
    }
    feedGauges(new Date(until))
    return history

    function feedGauges(time: Date): Load {
      fed = time
      const load = loadAt(time)
      history.sessions.set(load.sessions)
      history.subscriptions.set(load.subscriptions)
      return load
    }
  }

  /** The load of these devices at times from a start on. Most are connected at any time. */
  function loadsFrom(start: Date, all: readonly Device[]): (time: Date) => Load {
    const settled = (device: Device) => !device.isRoaming && device.connectedAt(start) !== undefined
    const always = loadOf(all.filter(settled))
    const others = all.filter((device) => !settled(device))
    return (time) => {
      const present = loadOf(others.filter((device) => device.connectedAt(time)))
      return {
        sessions: always.sessions + present.sessions,
        subscriptions: always.subscriptions + present.subscriptions,
        rate: always.rate + present.rate,
      }
    }
  }

  function loadOf(there: readonly Device[]): Load {
    let [subscriptions, rate] = [0, 0]
    for (const device of there) {
      subscriptions += topicsOf(device).length
      rate += device.rate
    }
    return { sessions: there.length, subscriptions, rate }
  }

  function feedSlot(slot: number, { rate }: Load): void {
    const wave =
      1 + 0.15 * Math.sin(slot / 7) + 0.2 * (hashToFraction(`${seed}/slot/${slot}`) - 0.5)
    const published = Math.round(rate * wave * SERIES.secondsPerSlot)
    const due = replayed.filter(({ at }) => at < (slot + 1) * SLOT)
    replayed = replayed.filter(({ at }) => at >= (slot + 1) * SLOT)
    history.messagesIn.add(published + due.length)
    const delivered = due.reduce((sum, one) => sum + one.delivered, 0)
    history.messagesOut.add(Math.round(published * RECEIVERS) + delivered)
  }

  function counters(): BrokerCounters {
    const traffic = present(now()).map((device) => toClient(device).traffic)
    const sum = (count: (one: ClientTraffic) => number) =>
      traffic.reduce((total, one) => total + count(one), 0)
    const received = sum((one) => one.received.publishes[0])
    const sent = sum((one) => one.sent.publishes[1]) + changes.delivered
    return {
      'bytes.received': sum((one) => one.received.bytes),
      'bytes.sent': sum((one) => one.sent.bytes),
      'packets.received': sum((one) => one.received.packets),
      'packets.sent': sum((one) => one.sent.packets),
      'messages.received': received,
      'messages.sent': sent,
      'messages.publish': received + changes.published,
    }
  }

  return {
    node: NODE,
    sessionLimit,
    get history() {
      return feed()
    },
    status: () => ({ state: 'running', startedAt: start }),
    // No listener, so no ports.
    connection: () => ({ host: '', listeners: [] }),
    counters,
    clients: () => present(now()).map(toClient),
    client(clientId) {
      const device = presentOne(clientId)
      return device && toClient(device)
    },
    subscriptions: () => present(now()).flatMap(subscriptionsOfDevice),
    subscriptionsOf(clientId) {
      const device = presentOne(clientId)
      return device ? subscriptionsOfDevice(device) : []
    },
    async kick(clientId) {
      if (!presentOne(clientId)) return false
      changes.kicked.push(clientId)
      return true
    },
    async subscribe(clientId, wanted) {
      const device = presentOne(clientId)
      if (!device) return { outcome: 'noClient' }
      if (isSharedFilter(wanted.topic)) {
        const reason = 'The simulated broker of the demo has no shared subscriptions.'
        return { outcome: 'refused', reason }
      }
      const others = subscriptionsOfDevice(device).filter(({ topic }) => topic !== wanted.topic)
      changes.subscriptions[clientId] = [...others, wanted].map(withoutClientId)
      return { outcome: 'subscribed', subscription: { clientId, ...wanted } }
    },
    async unsubscribe(clientId, topic) {
      const device = presentOne(clientId)
      if (!device) return false
      const kept = subscriptionsOfDevice(device).filter((one) => one.topic !== topic)
      changes.subscriptions[clientId] = kept.map(withoutClientId)
      return true
    },
    async publish({ topic }) {
      const subscribed = present(now()).filter((device) =>
        topicsOf(device).some((one) => matchesFilter(topic, one.topic)),
      )
      const delivered = subscribed.length
      const { messagesIn, messagesOut } = feed()
      messagesIn.add()
      messagesOut.add(delivered)
      changes.published += 1
      changes.delivered += delivered
      changes.recent.push({ at: now().getTime(), delivered })
      return delivered
    },
    async close() {
      // Nothing runs between calls.
    },
  }
}

function withoutClientId({
  topic,
  qos,
  nl,
  rap,
  rh,
}: Omit<BrokerSubscription, 'clientId'>): Omit<BrokerSubscription, 'clientId'> {
  return { topic, qos, nl, rap, rh }
}
