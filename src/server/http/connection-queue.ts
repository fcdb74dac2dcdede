import type { Socket } from 'node:net'

// Calls that wait for their turn; the connection is read on once half of them are left.
const WAITING_MAX = 64

/**
 * A connection that calls come on. They are made one after the other, also where their sender
 * doesn't wait for answers: what it asked for happens in that order (RFC 9112 section 9.3.2), and
 * it takes no more than one place of those that there are behind the gateway.
 */
class CallerConnection {
  /** Aborts when the connection ends. */
  readonly gone: AbortSignal
  #isBusy = false
  #isPaused = false
  readonly #socket: Socket
  readonly #waiting: ((isThere: boolean) => void)[] = []

  constructor(socket: Socket) {
    const gone = new AbortController()
    this.gone = gone.signal
    this.#socket = socket
    socket.once('close', () => {
      gone.abort()
      for (const go of this.#waiting.splice(0)) go(false)
    })
  }

  /** Waits for the calls before this one. Tells whether the caller is still there then. */
  turn(): boolean | Promise<boolean> {
    if (!this.#isBusy) {
      this.#isBusy = true
      return true
    }
    if (this.#waiting.length >= WAITING_MAX) {
      this.#isPaused = true
      this.#socket.pause()
    }
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  /** The call that was under way is answered, and all of a streamed answer has gone. */
  next(): void {
    const go = this.#waiting.shift()
    if (go) go(true)
    else this.#isBusy = false
    if (!this.#isPaused || this.#waiting.length > WAITING_MAX / 2) return
    this.#isPaused = false
    this.#socket.resume()
  }
}

const connections = new WeakMap<Socket, CallerConnection>()

/** What is known of the connection over a socket, from its first call to its end. */
export function connectionOf(socket: Socket): CallerConnection {
  let connection = connections.get(socket)
  if (!connection) connections.set(socket, (connection = new CallerConnection(socket)))
  return connection
}
