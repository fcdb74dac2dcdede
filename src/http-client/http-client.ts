import { Exchange, type Carrier, type HttpAnswer, type HttpRequest } from './exchange.ts'
import {
  HttpConnection,
  type Address,
  type ConnectionOwner,
  type HttpTimeouts,
} from './http-connection.ts'
import { HttpFault } from './http-fault.ts'
import { requestHeadWriter, type WriteRequestHead } from './request-head.ts'

export type HttpClientOptions = {
  /** How many at most; requests beyond them wait for one to be free. */
  connections: number
  /** Go with each request, in place of what it has of their names, which are in lower case. */
  headers?: Readonly<Record<string, string>>
  timeouts: HttpTimeouts
}

const TICK_MAX = 500
const TICKS_PER_TIMEOUT = 4

/**
 * An HTTP/1.1 client for one server (RFC 9112), made for the gateway, whose throughput depends on
 * it (`npm run bench`). It keeps connections, sends one request at a time over each, follows no
 * redirects, and sends a safe request once more where the connection that it went out on had ended
 * meanwhile.
 */
export class HttpClient implements Carrier, ConnectionOwner {
  readonly timeouts: HttpTimeouts
  time = 0
  tlsSession: Buffer | undefined
  readonly #address: Address
  readonly #writeHead: WriteRequestHead
  readonly #connections = new Set<HttpConnection>()
  readonly #connectionsMax: number
  readonly #free: HttpConnection[] = []
  /** Since when they do, in order. */
  readonly #waiting = new Map<Exchange, number>()
  readonly #tick: number
  #clock: NodeJS.Timeout | undefined
  #closed: PromiseWithResolvers<void> | undefined

  constructor({ protocol, hostname, port, host }: URL, options: HttpClientOptions) {
    const isTls = protocol === 'https:'
    const defaultPort = isTls ? 443 : 80
    this.#address = {
      // An address of IPv6 has brackets in a URL alone.
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
   * Sends a request. Rejects with the network's error, an {@link HttpFault} or the reason of the
   * request's signal; so does an answer's body that doesn't come whole.
   */
  send(request: HttpRequest): Promise<HttpAnswer> {
    return new Promise((resolve, reject) => {
      request.signal.throwIfAborted()
      const { method, path, headers, body } = request
      const head = this.#writeHead({ method, path, headers, hasBody: body !== null })
      const exchange = new Exchange(request, head, { resolve, reject })
      if (exchange.isSafe) this.#carry(exchange)
      else afterReading(() => this.#carry(exchange))
    })
  }

  /** Ends all connections, and with them what is on its way. */
  async close(): Promise<void> {
    this.#closed ??= Promise.withResolvers()
    for (const exchange of this.#waiting.keys()) this.drop(exchange, new HttpFault('CLIENT_CLOSED'))
    for (const connection of this.#connections) connection.close()
    if (this.#connections.size === 0) this.#closed.resolve()
    await this.#closed.promise
  }

  /** Of one that waits. */
  drop(exchange: Exchange, reason: Error): void {
    this.#waiting.delete(exchange)
    exchange.fail(reason)
  }

  /** Nothing of its answer has come. */
  resume(): void {}

  onFree(connection: HttpConnection): void {
    const next = this.#nextWaiting()
    if (!next) this.#free.push(connection)
    else if (next.isSafe) connection.carry(next)
    else afterReading(() => this.#hand(connection, next))
  }

  #hand(connection: HttpConnection, next: Exchange): void {
    if (!connection.isOpen) this.#carry(next)
    else if (next.isOver) this.onFree(connection)
    else connection.carry(next)
  }

  onClose(connection: HttpConnection, unsent: Exchange | undefined): void {
    this.#connections.delete(connection)
    const at = this.#free.indexOf(connection)
    if (at !== -1) this.#free.splice(at, 1)
    if (this.#connections.size === 0) {
      clearInterval(this.#clock)
      this.#closed?.resolve()
    }
    const next = unsent ?? this.#nextWaiting()
    if (!next) return
    if (this.#closed) {
      next.fail(new HttpFault('CLIENT_CLOSED'))
      return
    }
    next.isRepeated = unsent !== undefined
    this.#carryOverNew(next)
  }

  #nextWaiting(): Exchange | undefined {
    const [next] = this.#waiting.keys()
    if (next) this.#waiting.delete(next)
    return next
  }

  #carry(exchange: Exchange): void {
    if (exchange.isOver) return
    let free = this.#free.pop()
    while (free?.isOpen === false) free = this.#free.pop()
    if (this.#closed) exchange.fail(new HttpFault('CLIENT_CLOSED'))
    else if (free) free.carry(exchange)
    else if (this.#connections.size < this.#connectionsMax) this.#carryOverNew(exchange)
    else {
      exchange.carrier = this
      this.#waiting.set(exchange, this.time)
    }
  }

  #carryOverNew(exchange: Exchange): void {
    let connection: HttpConnection
    try {
      connection = new HttpConnection(this.#address, this)
    } catch (error) {
      exchange.fail(error instanceof Error ? error : new HttpFault('CONNECTION_CLOSED'))
      return
    }
    if (this.#connections.size === 0) {
      this.#clock = setInterval(() => this.#onTick(), this.#tick).unref()
    }
    this.#connections.add(connection)
    connection.carry(exchange)
  }

  #onTick(): void {
    this.time += this.#tick
    for (const connection of this.#connections) connection.check()
    for (const [exchange, since] of this.#waiting) {
      if (this.time - since <= this.timeouts.headers) break
      this.drop(exchange, new HttpFault('QUEUE_TIMEOUT'))
    }
  }
}

/**
 * Waits until what has come by now is read, which tells whether a free connection has ended: what
 * comes with the end of an answer is read a turn of the event loop later.
 */
function afterReading(then: () => void): void {
  setImmediate(() => setImmediate(then))
}
