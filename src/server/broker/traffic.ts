import type { BrokerCounters, ClientTraffic, CounterName } from '../../backends/broker/broker.ts'

/** MQTT control packet types by their number on the wire (MQTT 3.1.1 section 2.2.1). */
const PACKETS = [
  'reserved',
  'connect',
  'connack',
  'publish',
  'puback',
  'pubrec',
  'pubrel',
  'pubcomp',
  'subscribe',
  'suback',
  'unsubscribe',
  'unsuback',
  'pingreq',
  'pingresp',
  'disconnect',
] as const
/** The packet type of a message. */
export const PUBLISH = 3

const BOTH_WAYS = ['publish', 'puback', 'pubrec', 'pubrel', 'pubcomp'] as const
const FROM_CLIENTS = ['connect', 'subscribe', 'unsubscribe', 'pingreq', 'disconnect'] as const
const TO_CLIENTS = ['connack', 'suback', 'unsuback', 'pingresp'] as const

/** Follows a stream of MQTT 3 packets by their fixed headers, however it is cut into chunks. */
export class PacketScanner {
  readonly #onPacket: (type: number, qos: number) => void
  #first: number | null = null
  #length = 0
  #lengthBits = 0
  #bodyLeft = 0

  constructor(onPacket: (type: number, qos: number) => void) {
    this.#onPacket = onPacket
  }

  /** Throws when the stream isn't MQTT, or a packet has more than so many bytes. */
  scan(chunk: Uint8Array, maxBytes: number): void {
    let at = 0
    while (at < chunk.length) {
      if (this.#bodyLeft > 0) {
        const step = Math.min(this.#bodyLeft, chunk.length - at)
        this.#bodyLeft -= step
        at += step
        if (this.#bodyLeft === 0) this.#finish()
        continue
      }
      const byte = chunk[at] ?? 0
      at += 1
      if (this.#first === null) this.#first = byte
      else this.#addLength(byte, maxBytes)
    }
  }

  #addLength(byte: number, maxBytes: number): void {
    this.#length += (byte & 0x7f) * 2 ** this.#lengthBits
    this.#lengthBits += 7
    if (this.#length > maxBytes) throw new Error(`a packet has more than ${maxBytes} bytes`)
    if ((byte & 0x80) === 0) {
      this.#bodyLeft = this.#length
      if (this.#bodyLeft === 0) this.#finish()
    } else if (this.#lengthBits === 28) {
      throw new Error('a packet has a length of more than four bytes')
    }
  }

  #finish(): void {
    const first = this.#first ?? 0
    this.#first = null
    this.#length = 0
    this.#lengthBits = 0
    this.#onPacket(first >> 4, (first >> 1) & 3)
  }
}

/** What has gone one way over a connection, or over all of them. */
export class Flow {
  bytes = 0
  packets = 0
  readonly publishes: [number, number, number] = [0, 0, 0]
  readonly byType = PACKETS.map(() => 0)

  addPacket(type: number, qos: number): void {
    this.packets += 1
    this.byType[type] = this.count(type) + 1
    if (type === PUBLISH && (qos === 0 || qos === 1 || qos === 2)) this.publishes[qos] += 1
  }

  count(type: number): number {
    return this.byType[type] ?? 0
  }
}

/** Both ways of a connection, or of all of them. */
export type Traffic = { received: Flow; sent: Flow }

export function newTraffic(): Traffic {
  return { received: new Flow(), sent: new Flow() }
}

/** A copy for showing, that doesn't move. */
export function clientTraffic({ received, sent }: Traffic): ClientTraffic {
  const copy = ({ bytes, packets, publishes: [zero, one, two] }: Flow) => {
    return { bytes, packets, publishes: [zero, one, two] } as const
  }
  return { received: copy(received), sent: copy(sent) }
}

/** Everything that went over the wire, by EMQX's names of metrics. */
export function wireCounters({ received, sent }: Traffic): BrokerCounters {
  const count = (flow: Flow, name: (typeof PACKETS)[number]) => flow.count(PACKETS.indexOf(name))
  const packets: [CounterName, number][] = [
    ...FROM_CLIENTS.map((name) => named(`packets.${name}.received`, count(received, name))),
    ...TO_CLIENTS.map((name) => named(`packets.${name}.sent`, count(sent, name))),
    ...BOTH_WAYS.map((name) => named(`packets.${name}.received`, count(received, name))),
    ...BOTH_WAYS.map((name) => named(`packets.${name}.sent`, count(sent, name))),
  ]
  return {
    'bytes.received': received.bytes,
    'bytes.sent': sent.bytes,
    'packets.received': received.packets,
    'packets.sent': sent.packets,
    ...Object.fromEntries(packets),
    'messages.received': received.count(PUBLISH),
    'messages.sent': sent.count(PUBLISH),
    'messages.qos0.received': received.publishes[0],
    'messages.qos1.received': received.publishes[1],
    'messages.qos2.received': received.publishes[2],
    'messages.qos0.sent': sent.publishes[0],
    'messages.qos1.sent': sent.publishes[1],
    'messages.qos2.sent': sent.publishes[2],
  }
}

function named(name: CounterName, count: number): [CounterName, number] {
  return [name, count]
}
