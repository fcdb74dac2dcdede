import type { Client, ConnectPacket, Subscription } from 'aedes'
import { subscriptionProblem } from '../../backends/broker/topics.ts'
import type { ConnectFacts, Session, Sessions } from './sessions.ts'

const CLIENT_ID_MAX = 256
const SUBSCRIPTIONS_MAX = 1000

// CONNACK return codes of MQTT 3.1.1, section 3.2.2.3.
const IDENTIFIER_REJECTED = 2
const SERVER_UNAVAILABLE = 3

/** Decides which clients and which subscriptions a broker takes in. */
export class Admission {
  readonly #sessions: Sessions
  readonly #sessionLimit: number | null
  readonly #connects = new WeakMap<Client, ConnectPacket>()

  constructor(sessions: Sessions, sessionLimit: number | null) {
    this.#sessions = sessions
    this.#sessionLimit = sessionLimit
  }

  /** Notes what a client says of itself, before anything is decided. */
  note(client: Client, packet: ConnectPacket): void {
    this.#connects.set(client, packet)
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
    const isFull = this.#sessionLimit !== null && this.#sessions.size >= this.#sessionLimit
    return isFull && !this.#sessions.get(client.id) ? SERVER_UNAVAILABLE : undefined
  }

  factsOf(client: Client): ConnectFacts | undefined {
    const connect = this.#connects.get(client)
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
    if (fullSessionProblem(session, topic)) return false
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

/** Why a session can't hold one more subscription. */
export function fullSessionProblem(session: Session, topic: string): string | undefined {
  const { subscriptions } = session
  if (subscriptions.size < SUBSCRIPTIONS_MAX || subscriptions.has(topic)) return undefined
  return `A client of the embedded broker has at most ${SUBSCRIPTIONS_MAX} subscriptions.`
}
