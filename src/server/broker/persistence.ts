import { Readable } from 'node:stream'
import type { Client } from 'aedes'
import { ownPayload, type StoredPacket } from './queue.ts'
import { RetainedMessages } from './retained.ts'
import type { Sessions } from './sessions.ts'

type ClientRef = { id: string }

/**
 * aedes's persistence over our own sessions: what the API shows and what aedes works with is
 * one and the same. All of it is in memory and bounded, other than in the persistence that
 * comes with aedes: what is over the bounds is not retained, or not kept for its client.
 */
export class SessionPersistence {
  readonly #sessions: Sessions
  readonly #retained
  #subscriber: Client | null = null

  constructor(sessions: Sessions) {
    this.#sessions = sessions
    this.#retained = new RetainedMessages((client: Client) => sessions.of(client)?.subscriptions)
  }

  get retainedCount(): number {
    return this.#retained.count
  }

  async setup(): Promise<void> {}

  async storeRetained(packet: StoredPacket): Promise<void> {
    this.#retained.store(packet)
  }

  /** Says who has subscribed, right before aedes asks for the messages without saying it. */
  subscribed(client: Client): void {
    this.#subscriber = client
  }

  createRetainedStreamCombi(filters: readonly string[]): Readable {
    return this.#subscriber
      ? this.#retained.streamFor(this.#subscriber, filters)
      : Readable.from([])
  }

  // aedes asks before it lets a subscription in, and that is where the session takes it.
  async addSubscriptions(): Promise<void> {}

  async removeSubscriptions({ id }: ClientRef, filters: readonly string[]): Promise<void> {
    const session = this.#sessions.get(id)
    if (session) this.#sessions.unsubscribe(session, filters)
  }

  // A client that starts clean gets a new session when it is let in.
  async cleanSubscriptions(): Promise<void> {}

  async subscriptionsByClient({ id }: ClientRef) {
    const session = this.#sessions.get(id)
    if (!session || session.facts.cleanStart) return []
    return Array.from(session.subscriptions.values(), ({ topic, qos, nl, rap, rh }) => {
      return { topic, qos, nl: nl === 1, rap: rap === 1, rh }
    })
  }

  async subscriptionsByTopic(topic: string) {
    return [...this.#sessions.subscribedTo(topic).values()].filter(
      ({ clientId, qos }) => qos > 0 && this.#sessions.get(clientId)?.facts.cleanStart === false,
    )
  }

  async outgoingEnqueueCombi(
    subscriptions: Awaited<ReturnType<SessionPersistence['subscriptionsByTopic']>>,
    packet: StoredPacket,
  ): Promise<void> {
    if (subscriptions.length === 0) return
    const payload = ownPayload(packet.payload ?? '')
    for (const { clientId, qos, nl, rap } of subscriptions) {
      if (nl === 1 && packet.clientId === clientId) continue
      this.#sessions.get(clientId)?.queue.add({
        ...packet,
        payload,
        qos: Math.min(qos, packet.qos ?? 0),
        retain: rap === 1 && packet.retain === true,
      })
    }
  }

  async outgoingUpdate({ id }: ClientRef, packet: StoredPacket): Promise<void> {
    this.#sessions.get(id)?.queue.update(packet)
  }

  async outgoingClearMessageId(
    { id }: ClientRef,
    { messageId }: StoredPacket,
  ): Promise<StoredPacket | undefined> {
    return this.#sessions.get(id)?.queue.remove(messageId)
  }

  outgoingStream({ id }: ClientRef): Readable {
    return Readable.from(this.#sessions.get(id)?.queue.packets() ?? [])
  }

  async incomingStorePacket({ id }: ClientRef, { messageId = 0 }: StoredPacket): Promise<void> {
    this.#sessions.get(id)?.received.add(messageId)
  }

  /** Rejects where there is none, as aedes expects. */
  async incomingGetPacket({ id }: ClientRef, { messageId = 0 }: StoredPacket) {
    if (!this.#sessions.get(id)?.received.has(messageId)) throw new Error('no such packet')
    return { messageId }
  }

  async incomingDelPacket({ id }: ClientRef, { messageId = 0 }: StoredPacket): Promise<void> {
    this.#sessions.get(id)?.received.delete(messageId)
  }

  async cleanIncoming({ id }: ClientRef): Promise<void> {
    this.#sessions.get(id)?.received.clear()
  }

  // aedes publishes the wills of its own clients by itself; stored ones are for the other
  // brokers of a cluster, which there are none of.
  async putWill(): Promise<void> {}

  async delWill(): Promise<void> {}

  streamWill(): Readable {
    return Readable.from([])
  }
}
