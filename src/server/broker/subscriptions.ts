import type { BrokerSubscription } from '../../backends/broker/broker.ts'
import { matchesFilter } from '../../backends/broker/topics.ts'

type ByClientId = Map<string, BrokerSubscription>

// What a subscription takes besides its text: measured, here and in the tree of aedes, which
// splits a filter into its levels.
const ENTRY_BYTES = 512
const LEVEL_BYTES = 256

/** Bytes of memory that a subscription to a filter takes, about. */
export function subscriptionBytes(filter: string): number {
  return ENTRY_BYTES + Buffer.byteLength(filter) + filter.split('/').length * LEVEL_BYTES
}

/** Subscriptions by topic filter, so that those of a topic are found without reading all. */
export class SubscriptionIndex {
  readonly #exact = new Map<string, ByClientId>()
  readonly #wildcard = new Map<string, ByClientId>()
  #size = 0
  #bytes = 0

  get size(): number {
    return this.#size
  }

  /** What all of them take, by {@link subscriptionBytes}. */
  get bytes(): number {
    return this.#bytes
  }

  #mapOf(filter: string): Map<string, ByClientId> {
    return /[+#]/.test(filter) ? this.#wildcard : this.#exact
  }

  add(subscription: BrokerSubscription): void {
    const { clientId, topic } = subscription
    const map = this.#mapOf(topic)
    const clients = map.get(topic) ?? new Map<string, BrokerSubscription>()
    if (!clients.has(clientId)) {
      this.#size += 1
      this.#bytes += subscriptionBytes(topic)
    }
    map.set(topic, clients.set(clientId, subscription))
  }

  delete({ clientId, topic }: BrokerSubscription): void {
    const map = this.#mapOf(topic)
    const clients = map.get(topic)
    if (!clients?.delete(clientId)) return
    this.#size -= 1
    this.#bytes -= subscriptionBytes(topic)
    if (clients.size === 0) map.delete(topic)
  }

  /** The subscriptions to a topic by client id; of several of one client, that of highest QoS. */
  matching(topic: string): ByClientId {
    const found: ByClientId = new Map(this.#exact.get(topic))
    for (const [filter, clients] of this.#wildcard) {
      if (!matchesFilter(topic, filter)) continue
      for (const [clientId, subscription] of clients) {
        const other = found.get(clientId)
        if (!other || other.qos < subscription.qos) found.set(clientId, subscription)
      }
    }
    return found
  }
}
