import type { Client, ConnectPacket, Subscription } from 'aedes'
import { subscriptionProblem } from '../../backends/broker/topics.ts'
import { ownPayload, payloadBytes } from './queue.ts'
import type { ConnectFacts, Sessions } from './sessions.ts'

const CLIENT_ID_MAX = 256
// Of what is kept: a user name as long as the session, a will as long as the connection.
const USERNAME_BYTES_MAX = 1024
const WILL_BYTES_MAX = 16 * 1024

// CONNACK return codes of MQTT 3.1.1, section 3.2.2.3.
const IDENTIFIER_REJECTED = 2
const SERVER_UNAVAILABLE = 3
const MALFORMED_USERNAME = 4
const NOT_AUTHORIZED = 5

/** Decides which clients and which subscriptions a broker takes in. */
export class ConnectionPolicy {
  readonly #sessions: Sessions
  readonly #sessionLimit: number | null
  /** What clients said that aren't in yet. */
  readonly #connects = new WeakMap<Client, ConnectPacket>()

  constructor(sessions: Sessions, sessionLimit: number | null) {
    this.#sessions = sessions
    this.#sessionLimit = sessionLimit
  }

  /** Notes what a client says of itself, before anything is decided. */
  note(client: Client, packet: ConnectPacket): void {
    this.#connects.set(client, packet)
    const { will } = packet
    if (will) will.payload = ownPayload(will.payload)
  }

  /**
   * The CONNACK return code that refuses a client, or undefined to let it in. aedes opens the
   * new session of one that is let in before it looks at the next.
   */
  refusalOf(client: Client): number | undefined {
    const connect = this.#connects.get(client)
    // A session to come back to needs a name that the client chose (MQTT 3.1.1, 3.1.3.1).
    const isNameless = connect?.clientId === '' && connect.clean === false
    const isUnusable = /\p{Cc}/u.test(client.id) || client.id.length > CLIENT_ID_MAX
    if (isNameless || isUnusable) return IDENTIFIER_REJECTED
    if (Buffer.byteLength(connect?.username ?? '') > USERNAME_BYTES_MAX) return MALFORMED_USERNAME
    if (connect?.will && payloadBytes(connect.will) > WILL_BYTES_MAX) return NOT_AUTHORIZED
    const isFull = this.#sessionLimit !== null && this.#sessions.size >= this.#sessionLimit
    return isFull && !this.#sessions.get(client.id) ? SERVER_UNAVAILABLE : undefined
  }

  /** What a client that is in now said of itself. This keeps it no longer, its password included. */
  takeFacts(client: Client): ConnectFacts | undefined {
    const connect = this.#connects.get(client)
    this.#connects.delete(client)
    return (
      connect && {
        username: connect.username ?? null,
        protocolVersion: connect.protocolVersion ?? 4,
        // Set by the parser for bridges, though not in its types.
        isBridge: 'bridgeMode' in connect && connect.bridgeMode === true,
        cleanStart: connect.clean !== false,
        keepalive: connect.keepalive ?? 0,
      }
    )
  }

  /** Takes a subscription into its client's session; false when this broker can't serve it. */
  subscribe(client: Client, { topic, qos, nl, rap, rh }: Subscription): boolean {
    if (subscriptionProblem({ topic })) return false
    const session = this.#sessions.of(client)
    // A client that is just coming back has them in its session already.
    if (!session) return true
    if (this.#sessions.fullProblem(session, topic)) return false
    this.#sessions.subscribe(session, {
      clientId: client.id,
      topic,
      qos,
      nl: nl ? 1 : 0,
      rap: rap ? 1 : 0,
      rh: rh === 1 || rh === 2 ? rh : 0,
    })
    return true
  }
}
