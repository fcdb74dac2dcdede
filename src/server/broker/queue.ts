/** EMQX's default for the messages that wait for one client (`max_mqueue_len`). */
const QUEUED_MAX = 1000

/** An MQTT packet as aedes hands it to its persistence; a `pubrel` has no topic and payload. */
export type StoredPacket = {
  cmd: string
  /** Who published it, if a client did. */
  clientId?: string
  brokerId?: string
  brokerCounter?: number
  messageId?: number | undefined
  topic?: string
  payload?: string | Buffer
  qos?: number
  retain?: boolean
}

/** How many bytes of messages the sessions of one broker hold together, and may hold. */
export type QueueBudget = { used: number; readonly max: number }

type Entry = { packet: StoredPacket; bytes: number }

/** The messages of one persistent session that its client has not confirmed, oldest first. */
export class OutgoingQueue {
  readonly #budget: QueueBudget
  #entries: Entry[] = []

  constructor(budget: QueueBudget) {
    this.#budget = budget
  }

  /** Adds a message; when the session or the broker holds too much, the message is dropped. */
  add(packet: StoredPacket): void {
    const bytes = payloadBytes(packet)
    const isFull =
      this.#entries.length >= QUEUED_MAX || this.#budget.used + bytes > this.#budget.max
    if (isFull) return
    this.#budget.used += bytes
    this.#entries.push({ packet, bytes })
  }

  /**
   * Notes the message id that a message went out with, or puts a `pubrel` in its place. Says
   * whether it is here; a message that was dropped, or whose subscription has ended, isn't.
   */
  update(packet: StoredPacket): boolean {
    const { brokerCounter, brokerId, messageId } = packet
    const sent = this.#entries.find(
      (entry) =>
        brokerCounter !== undefined &&
        entry.packet.brokerCounter === brokerCounter &&
        entry.packet.brokerId === brokerId,
    )
    if (sent) {
      sent.packet.messageId = messageId
      return true
    }
    if (packet.cmd !== 'pubrel') return false
    const confirmed = this.#entries.find((entry) => entry.packet.messageId === messageId)
    if (!confirmed) return false
    this.#budget.used -= confirmed.bytes
    confirmed.packet = packet
    confirmed.bytes = 0
    return true
  }

  /** Takes out what went out with a message id; without one there is nothing to find. */
  remove(messageId: number | undefined): StoredPacket | undefined {
    if (messageId === undefined) return undefined
    const at = this.#entries.findIndex(({ packet }) => packet.messageId === messageId)
    const [entry] = at === -1 ? [] : this.#entries.splice(at, 1)
    if (entry) this.#budget.used -= entry.bytes
    return entry?.packet
  }

  packets(): StoredPacket[] {
    return this.#entries.map(({ packet }) => packet)
  }

  clear(): void {
    for (const { bytes } of this.#entries) this.#budget.used -= bytes
    this.#entries = []
  }
}

/** A payload to keep. As parsed it is a view of all that came along with it, up to 64 KiB. */
export function ownPayload(payload: string | Buffer): string | Buffer {
  return typeof payload === 'string' ? payload : Buffer.from(new Uint8Array(payload).buffer)
}

/** Bytes of a message: those of its topic and its payload. */
export function payloadBytes({
  topic = '',
  payload = '',
}: Pick<StoredPacket, 'topic' | 'payload'>): number {
  return Buffer.byteLength(topic) + Buffer.byteLength(payload)
}
