import { connect as connectTcp, isIP, type Socket, type TcpNetConnectOpts } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { RequestOwner, Exchange } from './exchange.ts'
import { HttpClientError } from './http-client-error.ts'
import { contentLength } from './request-head.ts'
import { ResponseReader } from './response-reader.ts'
import { sendBody } from './send-body.ts'

/** Where to connect. */
export type Address = { host: string; port: number; isTls: boolean }

/** Timeouts in milliseconds. */
export type HttpTimeouts = {
  /** Until connected, TLS handshake included. */
  connect: number
  /**
   * Three waits for the server: in the queue for a connection, for each piece of a request's body
   * to be accepted, and from the end of the request to the head of the response.
   */
  headers: number
  /** Between two pieces of a response's body. */
  body: number
}

/** What a connection needs of the pool that it belongs to. */
export type ConnectionPool = {
  readonly timeouts: HttpTimeouts
  /** Milliseconds by a coarse clock, which stands for a timer in each connection. */
  readonly time: number
  /** Session of the latest TLS connection, for resumption (RFC 8446 section 2.2). */
  tlsSession: Buffer | undefined
  /** The connection can take the next exchange. */
  onIdle(connection: HttpConnection): void
  /** The connection has closed; `unsent` is an exchange that may be retried on another one. */
  onClose(connection: HttpConnection, unsent: Exchange | undefined): void
}

const TCP_KEEP_ALIVE_MS = 60_000

// All connections read into one buffer: each read is consumed before the next one happens.
const READ_BUFFER = Buffer.allocUnsafeSlow(64 * 1024)

/** A keep-alive connection to an HTTP/1.1 server. It serves one exchange at a time. */
export class HttpConnection implements RequestOwner {
  readonly #pool: ConnectionPool
  readonly #socket: Socket
  readonly #reader = new ResponseReader()
  #exchange: Exchange | undefined
  #isConnected = false
  #isOpen = true
  #error: Error | undefined
  /** Time of the last progress. */
  #since: number
  /** Whose turn it is: a slow source of a request's body must not time out the server. */
  #waitsFor: 'server' | 'source' = 'server'
  /** Whether it has served an exchange, so that the server may close it as idle at any moment. */
  #wasUsed = false
  /** Whether any byte of the response has arrived. */
  #hasReceivedBytes = false
  /** Whether the whole request was written. */
  #isSent = false
  #isPaused = false

  constructor({ host, port, isTls }: Address, pool: ConnectionPool) {
    this.#pool = pool
    this.#since = pool.time
    const options: TcpNetConnectOpts = {
      host,
      port,
      onread: { buffer: READ_BUFFER, callback: (length) => this.#onBytes(length) },
    }
    this.#socket = isTls ? connectOverTls(options, pool) : connectTcp(options)
    this.#socket.setNoDelay(true).setKeepAlive(true, TCP_KEEP_ALIVE_MS)
    this.#socket.once(isTls ? 'secureConnect' : 'connect', () => {
      this.#isConnected = true
      this.#since = pool.time
    })
    this.#socket.on('end', () => {
      this.#isOpen = false
      this.#reader.onConnectionEnd()
      if (this.#exchange && this.#reader.isComplete) this.#finish(this.#exchange)
      else this.#destroy()
    })
    this.#socket.on('error', (error) => (this.#error ??= error))
    this.#socket.on('close', () => this.#onClose())
  }

  /** Whether it can take an exchange. */
  get isOpen(): boolean {
    return this.#isOpen
  }

  /** Sends a request and reads its response. The connection must be open and idle. */
  dispatch(exchange: Exchange): void {
    exchange.owner = this
    this.#exchange = exchange
    this.#since = this.#pool.time
    this.#waitsFor = 'server'
    this.#hasReceivedBytes = false
    this.#reader.expect(exchange)
    const { body, headers, signal } = exchange.request
    this.#isSent = body === null
    if (body === null) {
      this.#socket.write(exchange.head, 'latin1')
      return
    }
    const sending = sendBody(this.#socket, body, {
      head: exchange.head,
      length: contentLength(headers),
      signal,
      isWanted: () => this.#exchange === exchange,
      onProgress: (waitsFor) => {
        if (this.#isConnected) this.#since = this.#pool.time
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
    this.#destroy()
    exchange.fail(reason)
  }

  resume(exchange: Exchange): void {
    if (exchange !== this.#exchange || !this.#isPaused) return
    this.#isPaused = false
    this.#since = this.#pool.time
    this.#socket.resume()
  }

  /** Closes the connection if a timeout has passed. The pool calls it at each step of its clock. */
  checkTimeouts(): void {
    const waited = this.#pool.time - this.#since
    const { connect, headers, body } = this.#pool.timeouts
    const exchange = this.#exchange
    if (!exchange) {
      if (waited > this.#reader.keepAliveMs) this.#destroy()
    } else if (!this.#isConnected) {
      if (waited > connect) this.drop(exchange, new HttpClientError('CONNECT_TIMEOUT'))
    } else if (!exchange.hasResponse) {
      const isLate = waited > headers && this.#waitsFor === 'server'
      if (isLate) this.drop(exchange, new HttpClientError('HEADERS_TIMEOUT'))
    } else if (waited > body && !this.#isPaused) {
      this.drop(exchange, new HttpClientError('BODY_TIMEOUT'))
    }
  }

  close(): void {
    this.#error ??= new HttpClientError('CLIENT_CLOSED')
    this.#destroy()
  }

  #destroy(): void {
    this.#isOpen = false
    this.#socket.destroy()
  }

  #onBytes(length: number): boolean {
    this.#hasReceivedBytes = true
    const exchange = this.#exchange
    if (!exchange) {
      // A response without a request.
      this.#destroy()
      return false
    }
    try {
      // Over TLS, more of what was decrypted already can follow a pause.
      if (!this.#reader.read(READ_BUFFER, length)) this.#isPaused = true
      if (exchange.hasResponse) this.#since = this.#pool.time
      // The reader of the body can have aborted the exchange.
      if (this.#reader.isComplete && this.#exchange === exchange) this.#finish(exchange)
    } catch (error) {
      this.drop(exchange, error instanceof Error ? error : new HttpClientError('BAD_RESPONSE'))
      return false
    }
    return !this.#isPaused
  }

  #finish(exchange: Exchange): void {
    this.#exchange = undefined
    exchange.onEnd()
    if (!this.#isOpen || !this.#isSent || this.#reader.keepAliveMs === 0) {
      this.#destroy()
      return
    }
    if (this.#isPaused) this.#socket.resume()
    this.#isPaused = false
    this.#wasUsed = true
    this.#since = this.#pool.time
    this.#pool.onIdle(this)
  }

  #onClose(): void {
    this.#isOpen = false
    const exchange = this.#exchange
    this.#exchange = undefined
    // The server can close an idle connection just as the next request is sent.
    const isUnsent =
      exchange?.isSafe === true && this.#wasUsed && !this.#hasReceivedBytes && !exchange.isRetry
    this.#pool.onClose(this, isUnsent ? exchange : undefined)
    if (!isUnsent) exchange?.fail(this.#error ?? new HttpClientError('CONNECTION_CLOSED'))
  }
}

function connectOverTls(options: TcpNetConnectOpts, pool: ConnectionPool): Socket {
  const { host = '' } = options
  const socket = connectTls({
    ...options,
    ALPNProtocols: ['http/1.1'],
    ...(isIP(host) === 0 && { servername: host }),
    ...(pool.tlsSession && { session: pool.tlsSession }),
  })
  return socket.on('session', (session) => (pool.tlsSession = session))
}
