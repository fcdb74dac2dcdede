import type { Socket } from 'node:net'

// Queued calls at which reading stops (backpressure); it resumes at half of them.
const QUEUE_MAX = 64

/**
 * Runs the calls of one connection in order, also if the client pipelines them (RFC 9112 section
 * 9.3.2). So a connection never takes more than one of the connections to the backend.
 */
class ConnectionQueue {
  /** Aborts when the connection closes. */
  readonly closed: AbortSignal
  #isBusy = false
  #isPaused = false
  readonly #socket: Socket
  readonly #waiting: ((isOpen: boolean) => void)[] = []

  constructor(socket: Socket) {
    const closed = new AbortController()
    this.closed = closed.signal
    this.#socket = socket
    socket.once('close', () => {
      closed.abort()
      for (const go of this.#waiting.splice(0)) go(false)
    })
  }

  /** Waits for the calls before this one. False if the connection has closed by then. */
  acquire(): boolean | Promise<boolean> {
    if (!this.#isBusy) {
      this.#isBusy = true
      return true
    }
    if (this.#waiting.length >= QUEUE_MAX) {
      this.#isPaused = true
      this.#socket.pause()
    }
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  /** Ends the current call, once its response was sent completely. */
  release(): void {
    const go = this.#waiting.shift()
    if (go) go(true)
    else this.#isBusy = false
    if (!this.#isPaused || this.#waiting.length > QUEUE_MAX / 2) return
    this.#isPaused = false
    this.#socket.resume()
  }
}

const connections = new WeakMap<Socket, ConnectionQueue>()

/** The queue of a socket; the same one for each of its calls. */
export function connectionQueueFor(socket: Socket): ConnectionQueue {
  let connection = connections.get(socket)
  if (!connection) connections.set(socket, (connection = new ConnectionQueue(socket)))
  return connection
}
