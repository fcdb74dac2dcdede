import { Exchange, type RequestOwner, type HttpResponse, type HttpRequest } from './exchange.ts'
import { HttpClientError } from './http-client-error.ts'
import {
  HttpConnection,
  type Address,
  type ConnectionPool,
  type HttpTimeouts,
} from './http-connection.ts'
import { requestHeadWriter, type WriteRequestHead } from './request-head.ts'

export type HttpClientOptions = {
  /** Most connections at once; further requests wait in a queue. */
  connections: number
  /** Sent with each request, in place of its own of the same names. Names in lower case. */
  headers?: Readonly<Record<string, string>>
  timeouts: HttpTimeouts
}

const TICK_MAX = 500
const TICKS_PER_TIMEOUT = 4

/**
 * An HTTP/1.1 client for one server (RFC 9112) with a pool of keep-alive connections. One request
 * at a time per connection: no pipelining, no redirects. A safe request is retried once if the
 * server closed its idle connection just before. See README.md beside this file for why it exists.
 */
export class HttpClient implements RequestOwner, ConnectionPool {
  readonly timeouts: HttpTimeouts
  time = 0
  tlsSession: Buffer | undefined
  readonly #address: Address
  readonly #writeHead: WriteRequestHead
  readonly #connections = new Set<HttpConnection>()
  readonly #connectionsMax: number
  readonly #idle: HttpConnection[] = []
  /** The queue, with the time at which each request joined it, oldest first. */
  readonly #waiting = new Map<Exchange, number>()
  readonly #tick: number
  #clock: NodeJS.Timeout | undefined
  #closed: PromiseWithResolvers<void> | undefined

  constructor({ protocol, hostname, port, host }: URL, options: HttpClientOptions) {
    const isTls = protocol === 'https:'
    const defaultPort = isTls ? 443 : 80
    this.#address = {
      // A URL has brackets around an IPv6 address; a socket takes it without.
      host: hostname.replaceAll(/[[\]]/g, ''),
      port: port === '' ? defaultPort : Number(port),
      isTls,
    }
    this.#writeHead = requestHeadWriter(host, options.headers ?? {})
    this.timeouts = options.timeouts
    this.#connectionsMax = options.connections
    const { connect, headers, body } = options.timeouts
    this.#tick = Math.min(
      TICK_MAX,
      connect / TICKS_PER_TIMEOUT,
      headers / TICKS_PER_TIMEOUT,
      body / TICKS_PER_TIMEOUT,
    )
  }

  /**
   * Sends a request. Rejects with a network error, an {@link HttpClientError} or the reason of the
   * request's signal. A body that breaks off fails with the same errors.
   */
  send(request: HttpRequest): Promise<HttpResponse> {
    return new Promise((resolve, reject) => {
      request.signal.throwIfAborted()
      const { method, path, headers, body } = request
      const head = this.#writeHead({ method, path, headers, hasBody: body !== null })
      const exchange = new Exchange(request, head, { resolve, reject })
      if (exchange.isSafe) this.#dispatch(exchange)
      else afterPendingReads(() => this.#dispatch(exchange))
    })
  }

  /** Closes all connections and fails the requests that are queued or under way. */
  async close(): Promise<void> {
    this.#closed ??= Promise.withResolvers()
    for (const exchange of this.#waiting.keys())
      this.drop(exchange, new HttpClientError('CLIENT_CLOSED'))
    for (const connection of this.#connections) connection.close()
    if (this.#connections.size === 0) this.#closed.resolve()
    await this.#closed.promise
  }

  /** Takes a request out of the queue. */
  drop(exchange: Exchange, reason: Error): void {
    this.#waiting.delete(exchange)
    exchange.fail(reason)
  }

  /** A queued request has no response to resume. */
  resume(): void {}

  onIdle(connection: HttpConnection): void {
    const next = this.#nextWaiting()
    if (!next) this.#idle.push(connection)
    else if (next.isSafe) connection.dispatch(next)
    else afterPendingReads(() => this.#dispatchOrRequeue(connection, next))
  }

  #dispatchOrRequeue(connection: HttpConnection, next: Exchange): void {
    if (!connection.isOpen) this.#dispatch(next)
    else if (next.isOver) this.onIdle(connection)
    else connection.dispatch(next)
  }

  onClose(connection: HttpConnection, unsent: Exchange | undefined): void {
    this.#connections.delete(connection)
    const at = this.#idle.indexOf(connection)
    if (at !== -1) this.#idle.splice(at, 1)
    if (this.#connections.size === 0) {
      clearInterval(this.#clock)
      this.#closed?.resolve()
    }
    const next = unsent ?? this.#nextWaiting()
    if (!next) return
    if (this.#closed) {
      next.fail(new HttpClientError('CLIENT_CLOSED'))
      return
    }
    next.isRetry = unsent !== undefined
    this.#dispatchOnNewConnection(next)
  }

  #nextWaiting(): Exchange | undefined {
    const [next] = this.#waiting.keys()
    if (next) this.#waiting.delete(next)
    return next
  }

  #dispatch(exchange: Exchange): void {
    if (exchange.isOver) return
    let free = this.#idle.pop()
    while (free?.isOpen === false) free = this.#idle.pop()
    if (this.#closed) exchange.fail(new HttpClientError('CLIENT_CLOSED'))
    else if (free) free.dispatch(exchange)
    else if (this.#connections.size < this.#connectionsMax) this.#dispatchOnNewConnection(exchange)
    else {
      exchange.owner = this
      this.#waiting.set(exchange, this.time)
    }
  }

  #dispatchOnNewConnection(exchange: Exchange): void {
    let connection: HttpConnection
    try {
      connection = new HttpConnection(this.#address, this)
    } catch (error) {
      exchange.fail(error instanceof Error ? error : new HttpClientError('CONNECTION_CLOSED'))
      return
    }
    if (this.#connections.size === 0) {
      this.#clock = setInterval(() => this.#onTick(), this.#tick).unref()
    }
    this.#connections.add(connection)
    connection.dispatch(exchange)
  }

  #onTick(): void {
    this.time += this.#tick
    for (const connection of this.#connections) connection.checkTimeouts()
    for (const [exchange, since] of this.#waiting) {
      if (this.time - since <= this.timeouts.headers) break
      this.drop(exchange, new HttpClientError('QUEUE_TIMEOUT'))
    }
  }
}

/**
 * Waits until the event loop has read what arrived by now, so that a connection which the server
 * has closed is known to be closed. A close that arrives together with the end of a response is
 * read one iteration later, hence two.
 */
function afterPendingReads(then: () => void): void {
  setImmediate(() => setImmediate(then))
}
