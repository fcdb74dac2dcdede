import { Readable } from 'node:stream'
import type { HeaderBag } from '../contract/http/backend.ts'
import { isSafeMethod } from '../contract/http/safe-methods.ts'
import type { ResponseHead } from './response-head.ts'

export type HttpRequest = {
  method: string
  /** The path with its query, as it is to be sent. */
  path: string
  headers: HeaderBag
  body: AsyncIterable<Uint8Array> | null
  /** Ends it, and its answer, with its reason. */
  signal: AbortSignal
}

/** An answer: a short body of known length whole, any other as a stream. */
export type HttpAnswer = { status: number; headers: HeaderBag; body: Uint8Array | Readable }

/** Who has an exchange: a connection, or a line of those that wait for one. */
export type Carrier = {
  /** Lets go of it, and ends it. */
  drop(exchange: Exchange, reason: Error): void
  /** Takes more of the answer. */
  resume(exchange: Exchange): void
}

type Settle = { resolve: (answer: HttpAnswer) => void; reject: (error: Error) => void }

// A body of such a length comes in a piece or two; a stream for it costs more than it is worth.
const WHOLE_MAX = 16 * 1024

/** One request and its answer, wherever they are on their way. */
export class Exchange {
  readonly request: HttpRequest
  readonly head: string
  carrier: Carrier | undefined
  /** Whether the head of the answer has come. */
  hasAnswer = false
  isOver = false
  /** Whether it was sent before, over a connection that had ended. */
  isRepeated = false
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

  /** Whether it may be sent again. */
  get isSafe(): boolean {
    return isSafeMethod(this.request.method) && this.request.body === null
  }

  /** Ends it, wherever it is. */
  abort(reason: Error): void {
    if (this.carrier) this.carrier.drop(this, reason)
    else this.fail(reason)
  }

  /** The answer begins. */
  begin(answer: ResponseHead): void {
    this.hasAnswer = true
    const { status, headers, bodyEnd } = answer
    if (typeof bodyEnd === 'number' && bodyEnd <= WHOLE_MAX) {
      this.#answer = answer
      this.#whole = Buffer.allocUnsafe(bodyEnd)
      return
    }
    const body = new Readable({
      read: () => this.carrier?.resume(this),
      destroy: (error, done) => {
        if (!this.isOver) this.abort(error ?? new Error('the rest is not wanted'))
        done(error)
      },
    })
    // One that fails before its reader has it tells him so as well.
    body.on('error', () => {})
    this.#stream = body
    this.#settle.resolve({ status, headers, body })
  }

  /**
   * More of the answer's body: these bytes, in memory that is used again after this.
   *
   * @returns whether to go on; if not, the carrier is told when
   */
  take(bytes: Buffer, start: number, end: number): boolean {
    if (this.#stream) return this.#stream.push(Buffer.from(bytes.subarray(start, end)))
    if (this.#whole) this.#filled += bytes.copy(this.#whole, this.#filled, start, end)
    return true
  }

  /** All of the answer has come. */
  end(): void {
    this.#close()
    this.#stream?.push(null)
    if (!this.#answer || !this.#whole) return
    const { status, headers } = this.#answer
    this.#settle.resolve({ status, headers, body: this.#whole })
  }

  /** There is no answer, or no more of it. */
  fail(error: Error): void {
    if (this.isOver) return
    this.#close()
    if (this.#stream) this.#stream.destroy(error)
    else this.#settle.reject(error)
  }

  #close(): void {
    this.isOver = true
    this.carrier = undefined
    underWay.get(this.request.signal)?.delete(this)
  }
}

// Calls of one connection share its signal, and a listener takes longer than a place in a set.
const underWay = new WeakMap<AbortSignal, Set<Exchange>>()

function watch(signal: AbortSignal, exchange: Exchange): void {
  let exchanges = underWay.get(signal)
  if (!exchanges) {
    const all = (exchanges = new Set<Exchange>())
    underWay.set(signal, all)
    signal.addEventListener('abort', () => {
      for (const one of all) one.abort(reasonOf(signal))
    })
  }
  exchanges.add(exchange)
}

function reasonOf({ reason }: AbortSignal): Error {
  return reason instanceof Error ? reason : new Error('the caller went away')
}
