import { Readable } from 'node:stream'
import type { Dispatcher } from 'undici'
import type { HeaderBag } from '../../contract/backend.ts'

export type UpstreamAnswer = { status: number; headers: HeaderBag; body: Uint8Array | Readable }

// A body of such a length comes in a piece or two; a stream for it costs more than it is worth.
const WHOLE_MAX = 16 * 1024

/**
 * Sends a request and takes its answer: a short body of known length whole, any other as a
 * stream that holds the upstream back while nobody reads. Rejects with undici's or the
 * network's error, or with the signal's reason. It sits on undici's `dispatch`, which costs
 * half of its `request`; the gateway's throughput depends on it (`npm run bench`).
 */
export function dispatch(
  dispatcher: Dispatcher,
  options: Dispatcher.DispatchOptions,
  signal: AbortSignal,
): Promise<UpstreamAnswer> {
  return new Promise((resolve, reject) => {
    dispatcher.dispatch(options, new AnswerHandler({ resolve, reject }, signal))
  })
}

type Settle = { resolve: (answer: UpstreamAnswer) => void; reject: (error: unknown) => void }

class AnswerHandler implements Dispatcher.DispatchHandler {
  readonly #settle: Settle
  readonly #signal: AbortSignal
  #abort: (() => void) | undefined
  #head: { status: number; headers: HeaderBag } | undefined
  #pieces: Buffer[] | undefined
  #stream: Readable | undefined

  constructor(settle: Settle, signal: AbortSignal) {
    this.#settle = settle
    this.#signal = signal
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    const signal = this.#signal
    const abort = () => controller.abort(reasonOf(signal))
    if (signal.aborted) {
      abort()
      return
    }
    this.#abort = abort
    signal.addEventListener('abort', abort, { once: true })
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: HeaderBag,
  ): void {
    if (status < 200) return
    this.#head = { status, headers }
    const { 'content-length': length } = headers
    if (length !== undefined && Number(length) <= WHOLE_MAX) {
      this.#pieces = []
      return
    }
    this.#stream = new Readable({
      read: () => controller.resume(),
      destroy: (error, done) => {
        // Once all has come, this does nothing.
        controller.abort(error ?? new Error('the rest is not wanted'))
        done(error)
      },
    })
    this.#settle.resolve({ status, headers, body: this.#stream })
  }

  onResponseData(controller: Dispatcher.DispatchController, piece: Buffer): void {
    if (this.#pieces) this.#pieces.push(piece)
    else if (this.#stream?.push(piece) === false) controller.pause()
  }

  onResponseEnd(): void {
    this.#forgetSignal()
    const pieces = this.#pieces
    if (!pieces || !this.#head) {
      this.#stream?.push(null)
      return
    }
    const [only] = pieces
    const body = pieces.length === 1 && only ? only : Buffer.concat(pieces)
    this.#settle.resolve({ ...this.#head, body })
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.#forgetSignal()
    if (this.#stream) this.#stream.destroy(error)
    else this.#settle.reject(error)
  }

  #forgetSignal(): void {
    if (this.#abort) this.#signal.removeEventListener('abort', this.#abort)
  }
}

function reasonOf({ reason }: AbortSignal): Error {
  return reason instanceof Error ? reason : new Error('the caller went away')
}
