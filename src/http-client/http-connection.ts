import { connect as connectTcp, isIP, type Socket, type TcpNetConnectOpts } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { Carrier, Exchange } from './exchange.ts'
import { HttpFault } from './http-fault.ts'
import { lengthOf } from './request-head.ts'
import { ResponseReader } from './response-reader.ts'
import { sendBody } from './send-body.ts'

/** Where to connect to. */
export type Address = { host: string; port: number; isTls: boolean }

/** How long to wait, in milliseconds. */
export type HttpTimeouts = {
  /** For a connection, TLS included. */
  connect: number
  /**
   * For a connection that is free, for each piece of a request's body to be taken, and from the
   * request's end to the answer's head.
   */
  headers: number
  /** Between two pieces of an answer's body. */
  body: number
}

/** Who has connections. */
export type ConnectionOwner = {
  readonly timeouts: HttpTimeouts
  /** Milliseconds, by a clock that goes in steps. */
  readonly time: number
  /** Of the latest connection over TLS, by which the next one begins sooner (RFC 8446 section 2.2). */
  tlsSession: Buffer | undefined
  /** It can carry the next exchange. */
  onFree(connection: HttpConnection): void
  /** It has ended, perhaps with an exchange that may be sent over another. */
  onClose(connection: HttpConnection, unsent: Exchange | undefined): void
}

const KEEP_ALIVE_DELAY = 60_000

// Taken at once, what comes over all connections may be read to one place.
const RECEIVED = Buffer.allocUnsafeSlow(64 * 1024)

/** A connection to an HTTP/1.1 server, which carries one exchange after the other. */
export class HttpConnection implements Carrier {
  readonly #owner: ConnectionOwner
  readonly #socket: Socket
  readonly #reader = new ResponseReader()
  #exchange: Exchange | undefined
  #isConnected = false
  #isOpen = true
  #error: Error | undefined
  /** When it last did something. */
  #since: number
  /** Who has to do something: a slow source of a request's body is no fault of the server. */
  #waitsFor: 'server' | 'source' = 'server'
  /** Whether it has carried an exchange, and the server may have ended it since. */
  #isUsed = false
  /** Whether anything has come of the answer. */
  #isAnswering = false
  /** Whether all of the request has gone. */
  #isSent = false
  #isPaused = false

  constructor({ host, port, isTls }: Address, owner: ConnectionOwner) {
    this.#owner = owner
    this.#since = owner.time
    const options: TcpNetConnectOpts = {
      host,
      port,
      onread: { buffer: RECEIVED, callback: (length) => this.#take(length) },
    }
    this.#socket = isTls ? connectOverTls(options, owner) : connectTcp(options)
    this.#socket.setNoDelay(true).setKeepAlive(true, KEEP_ALIVE_DELAY)
    this.#socket.once(isTls ? 'secureConnect' : 'connect', () => {
      this.#isConnected = true
      this.#since = owner.time
    })
    this.#socket.on('end', () => {
      this.#isOpen = false
      this.#reader.takeEnd()
      if (this.#exchange && this.#reader.isWhole) this.#finish(this.#exchange)
      else this.#end()
    })
    this.#socket.on('error', (error) => (this.#error ??= error))
    this.#socket.on('close', () => this.#onClose())
  }

  /** Whether it can carry an exchange. */
  get isOpen(): boolean {
    return this.#isOpen
  }

  /** Sends a request and takes its answer. It must be open and have none. */
  carry(exchange: Exchange): void {
    exchange.carrier = this
    this.#exchange = exchange
    this.#since = this.#owner.time
    this.#waitsFor = 'server'
    this.#isAnswering = false
    this.#reader.expect(exchange)
    const { body, headers, signal } = exchange.request
    this.#isSent = body === null
    if (body === null) {
      this.#socket.write(exchange.head, 'latin1')
      return
    }
    const sending = sendBody(this.#socket, body, {
      head: exchange.head,
      length: lengthOf(headers),
      signal,
      isWanted: () => this.#exchange === exchange,
      onProgress: (waitsFor) => {
        if (this.#isConnected) this.#since = this.#owner.time
        this.#waitsFor = waitsFor
      },
    })
    sending.then(
      () => (this.#isSent = true),
      (error: Error) => this.drop(exchange, error),
    )
  }

  drop(exchange: Exchange, reason: Error): void {
    if (exchange !== this.#exchange) return
    this.#exchange = undefined
    this.#end()
    exchange.fail(reason)
  }

  resume(exchange: Exchange): void {
    if (exchange !== this.#exchange || !this.#isPaused) return
    this.#isPaused = false
    this.#since = this.#owner.time
    this.#socket.resume()
  }

  /** Ends what takes too long. To be asked as the owner's clock goes. */
  check(): void {
    const waited = this.#owner.time - this.#since
    const { connect, headers, body } = this.#owner.timeouts
    const exchange = this.#exchange
    if (!exchange) {
      if (waited > this.#reader.keepFor) this.#end()
    } else if (!this.#isConnected) {
      if (waited > connect) this.drop(exchange, new HttpFault('CONNECT_TIMEOUT'))
    } else if (!exchange.hasAnswer) {
      const isLate = waited > headers && this.#waitsFor === 'server'
      if (isLate) this.drop(exchange, new HttpFault('HEADERS_TIMEOUT'))
    } else if (waited > body && !this.#isPaused) {
      this.drop(exchange, new HttpFault('BODY_TIMEOUT'))
    }
  }

  close(): void {
    this.#error ??= new HttpFault('CLIENT_CLOSED')
    this.#end()
  }

  #end(): void {
    this.#isOpen = false
    this.#socket.destroy()
  }

  #take(length: number): boolean {
    this.#isAnswering = true
    const exchange = this.#exchange
    if (!exchange) {
      // Nobody asked for it.
      this.#end()
      return false
    }
    try {
      // Over TLS more may come of what was read already.
      if (!this.#reader.take(RECEIVED, length)) this.#isPaused = true
      if (exchange.hasAnswer) this.#since = this.#owner.time
      // Unless whoever took it ended it.
      if (this.#reader.isWhole && this.#exchange === exchange) this.#finish(exchange)
    } catch (error) {
      this.drop(exchange, error instanceof Error ? error : new HttpFault('BAD_ANSWER'))
      return false
    }
    return !this.#isPaused
  }

  #finish(exchange: Exchange): void {
    this.#exchange = undefined
    exchange.end()
    if (!this.#isOpen || !this.#isSent || this.#reader.keepFor === 0) {
      this.#end()
      return
    }
    if (this.#isPaused) this.#socket.resume()
    this.#isPaused = false
    this.#isUsed = true
    this.#since = this.#owner.time
    this.#owner.onFree(this)
  }

  #onClose(): void {
    this.#isOpen = false
    const exchange = this.#exchange
    this.#exchange = undefined
    // An unused connection may end just as the next request goes out on it.
    const isUnsent =
      exchange?.isSafe === true && this.#isUsed && !this.#isAnswering && !exchange.isRepeated
    this.#owner.onClose(this, isUnsent ? exchange : undefined)
    if (!isUnsent) exchange?.fail(this.#error ?? new HttpFault('CONNECTION_CLOSED'))
  }
}

function connectOverTls(options: TcpNetConnectOpts, owner: ConnectionOwner): Socket {
  const { host = '' } = options
  const socket = connectTls({
    ...options,
    ALPNProtocols: ['http/1.1'],
    ...(isIP(host) === 0 && { servername: host }),
    ...(owner.tlsSession && { session: owner.tlsSession }),
  })
  return socket.on('session', (session) => (owner.tlsSession = session))
}
