import { Readable } from 'node:stream'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { matchesFilter } from '../../backends/broker/topics.ts'
import { ownPayload, payloadBytes, type StoredPacket } from './queue.ts'

const RETAINED_MAX = 10_000
const RETAINED_BYTES_MAX = 64 * 1024 * 1024

// What is compared in one turn of the event loop, in characters of filters: well below a
// millisecond. A comparison is as long as its filter, and takes a little by itself.
const COMPARED_PER_TURN = 64 * 1024
const COMPARISON = 100

type FiltersOf<Recipient> = (recipient: Recipient) => { has(filter: string): boolean } | undefined

/** How many filters wait before those that have ended since are looked for among them. */
const WAITING_MAX = 1000

/**
 * The retained messages of one broker, in memory and bounded. To find those of a SUBSCRIBE can
 * take seconds, ten thousand topics by a thousand filters, so it is done in short turns between
 * which all else goes on. There is one turn at a time for all clients, and they take it in order.
 */
export class RetainedMessages<Recipient extends object> {
  readonly #filtersOf: FiltersOf<Recipient>
  readonly #byTopic = new Map<string, StoredPacket>()
  #bytes = 0
  /** Filters whose messages are sent next, of who is being sent some. */
  readonly #waiting = new WeakMap<Recipient, Set<string>>()
  #lastTurn: Promise<void> = Promise.resolve()

  /** @param filtersOf what somebody subscribes to now, or undefined once they have gone */
  constructor(filtersOf: FiltersOf<Recipient>) {
    this.#filtersOf = filtersOf
  }

  get count(): number {
    return this.#byTopic.size
  }

  /** Keeps a message for its topic, if there is room; an empty one only deletes the one before. */
  store(packet: StoredPacket): void {
    const { topic = '', payload = '' } = packet
    const before = this.#byTopic.get(topic)
    if (before) this.#bytes -= payloadBytes(before)
    this.#byTopic.delete(topic)
    const bytes = payloadBytes(packet)
    const isFull = this.#byTopic.size >= RETAINED_MAX || this.#bytes + bytes > RETAINED_BYTES_MAX
    // An empty message deletes the retained one (MQTT 3.1.1 section 3.3.1.3).
    if (payload.length === 0 || isFull) return
    this.#byTopic.set(topic, { ...packet, payload: ownPayload(payload) })
    this.#bytes += bytes
  }

  /**
   * The messages that somebody who has just subscribed to filters gets: each once, even where
   * several of the filters match. While they are being sent some already, these come with those,
   * and this stream is empty. It ends early when they go.
   */
  streamFor(recipient: Recipient, filters: readonly string[]): Readable {
    const waiting = this.#waiting.get(recipient)
    if (!waiting) {
      this.#waiting.set(recipient, new Set(filters))
      return Readable.from(this.#allFor(recipient))
    }
    for (const filter of filters) waiting.add(filter)
    if (waiting.size > WAITING_MAX) {
      const current = this.#filtersOf(recipient)
      for (const filter of waiting) if (!current?.has(filter)) waiting.delete(filter)
    }
    return Readable.from([])
  }

  async *#allFor(recipient: Recipient): AsyncGenerator<StoredPacket> {
    try {
      for (;;) {
        const waiting = this.#waiting.get(recipient) ?? new Set()
        const current = this.#filtersOf(recipient)
        const filters = [...waiting].filter((filter) => current?.has(filter))
        waiting.clear()
        if (filters.length === 0) return
        yield* this.#matching(filters, () => this.#filtersOf(recipient) === undefined)
      }
    } finally {
      this.#waiting.delete(recipient)
    }
  }

  /** What comes in meanwhile isn't looked at: who subscribes gets it as it is published. */
  async *#matching(
    filters: readonly string[],
    isOver: () => boolean,
  ): AsyncGenerator<StoredPacket> {
    let unseen = this.#byTopic.size
    let left = 0
    let found: StoredPacket[] = []
    for (const [topic, packet] of this.#byTopic) {
      if (unseen === 0) break
      unseen -= 1
      for (const filter of filters) {
        if (left <= 0) {
          yield* found
          found = []
          await this.#turn()
          if (isOver()) return
          left = COMPARED_PER_TURN
        }
        left -= filter.length + COMPARISON
        if (matchesFilter(topic, filter)) {
          found.push(packet)
          break
        }
      }
    }
    yield* found
  }

  #turn(): Promise<void> {
    this.#lastTurn = this.#lastTurn.then(() => nextTurn())
    return this.#lastTurn
  }
}
