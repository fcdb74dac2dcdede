import { Readable } from 'node:stream'
import type { HttpHeaders } from './http-headers.ts'
import type { ResponseHead } from './response-head.ts'

export type HttpRequest = {
  method: string
  /** Path and query, byte for byte as sent. */
  path: string
  headers: HttpHeaders
  body: AsyncIterable<Uint8Array> | null
  /** Aborts the request and its response, with the signal's reason. */
  signal: AbortSignal
}

/** A response. A short body of known length is buffered; any other is a stream. */
export type HttpResponse = { status: number; headers: HttpHeaders; body: Uint8Array | Readable }

/** What holds an exchange: a connection, or the queue for one. */
export type RequestOwner = {
  /** Gives the exchange up and fails it. */
  drop(exchange: Exchange, reason: Error): void
  /** Reads on after backpressure. */
  resume(exchange: Exchange): void
}

type Settle = { resolve: (answer: HttpResponse) => void; reject: (error: Error) => void }

// RFC 9110 section 9.2.1.
const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS'])

// Bytes. Such a body arrives in one or two pieces; a stream for it would cost more than it saves.
const BUFFERED_MAX = 16 * 1024

/** One request and its response. */
export class Exchange {
  readonly request: HttpRequest
  readonly head: string
  owner: RequestOwner | undefined
  /** Whether the head of the response has arrived. */
  hasResponse = false
  isOver = false
  /** Whether it was sent before, over a connection that the server had closed. */
  isRetry = false
  readonly #settle: Settle
  #answer: ResponseHead | undefined
  #whole: Buffer | undefined
  #filled = 0
  #stream: Readable | undefined

  constructor(request: HttpRequest, head: string, settle: Settle) {
    this.request = request
    this.head = head
    this.#settle = settle
    watch(request.signal, this)
  }

  /** Whether it may be retried (RFC 9110 section 9.2.2). */
  get isSafe(): boolean {
    return SAFE_METHODS.has(this.request.method) && this.request.body === null
  }

  /** Fails it, wherever it is held. */
  abort(reason: Error): void {
    if (this.owner) this.owner.drop(this, reason)
    else this.fail(reason)
  }

  /** The head of the response has arrived. */
  onHead(answer: ResponseHead): void {
    this.hasResponse = true
    const { status, headers, bodyFraming } = answer
    if (typeof bodyFraming === 'number' && bodyFraming <= BUFFERED_MAX) {
      this.#answer = answer
      this.#whole = Buffer.allocUnsafe(bodyFraming)
      return
    }
    const body = new Readable({
      read: () => this.owner?.resume(this),
      destroy: (error, done) => {
        if (!this.isOver) this.abort(error ?? new Error('the rest is not wanted'))
        done(error)
      },
    })
    // Without a listener, a body that fails before it has a reader would end the process.
    body.on('error', () => {})
    this.#stream = body
    this.#settle.resolve({ status, headers, body })
  }

  /**
   * Part of the body has arrived. The memory is reused after this call.
   *
   * @returns false for backpressure: `resume` of the owner is called once more is wanted
   */
  onBody(bytes: Buffer, start: number, end: number): boolean {
    if (this.#stream) return this.#stream.push(Buffer.from(bytes.subarray(start, end)))
    if (this.#whole) this.#filled += bytes.copy(this.#whole, this.#filled, start, end)
    return true
  }

  /** The response is complete. */
  onEnd(): void {
    this.#close()
    this.#stream?.push(null)
    if (!this.#answer || !this.#whole) return
    const { status, headers } = this.#answer
    this.#settle.resolve({ status, headers, body: this.#whole })
  }

  /** Fails the request, or the rest of the body. Does nothing once it is over. */
  fail(error: Error): void {
    if (this.isOver) return
    this.#close()
    if (this.#stream) this.#stream.destroy(error)
    else this.#settle.reject(error)
  }

  #close(): void {
    this.isOver = true
    this.owner = undefined
    exchangesBySignal.get(this.request.signal)?.delete(this)
  }
}

// Calls of one caller's connection share its signal. A set costs less than a listener for each.
const exchangesBySignal = new WeakMap<AbortSignal, Set<Exchange>>()

function watch(signal: AbortSignal, exchange: Exchange): void {
  let exchanges = exchangesBySignal.get(signal)
  if (!exchanges) {
    const all = (exchanges = new Set<Exchange>())
    exchangesBySignal.set(signal, all)
    signal.addEventListener('abort', () => {
      for (const one of all) one.abort(abortReason(signal))
    })
  }
  exchanges.add(exchange)
}

function abortReason({ reason }: AbortSignal): Error {
  return reason instanceof Error ? reason : new Error('the caller went away')
}
