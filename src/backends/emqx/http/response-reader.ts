import { ChunkedBody } from './chunked-body.ts'
import type { Exchange } from './exchange.ts'
import { HttpFault } from './http-fault.ts'
import { parseResponseHead, type ResponseHead } from './response-head.ts'

const HEAD_MAX = 16 * 1024
const HEAD_END = '\r\n\r\n'
const FIRST = 'HTTP/1.'

/** Reads one answer after the other off a connection, in whatever pieces they come. */
export class ResponseReader {
  /** Whether all of the answer has come. */
  isWhole = false
  /** For how many milliseconds the connection may be kept after it; 0 where it is of no use. */
  keepFor = 0
  #exchange: Pick<Exchange, 'request' | 'begin' | 'take'> | undefined
  #head: ResponseHead | undefined
  /** What has come of a head. */
  #unread: Buffer | undefined
  /** How much of a body of known length is to come. */
  #missing = 0
  #chunks: ChunkedBody | undefined

  /** The answer to this one is the next to come. */
  expect(exchange: Pick<Exchange, 'request' | 'begin' | 'take'>): void {
    this.#exchange = exchange
    this.isWhole = false
    this.#head = undefined
    this.#chunks = undefined
  }

  /**
   * Takes what has come, and hands the answer on. Throws {@link HttpFault} where it isn't one.
   *
   * @returns whether to go on; if not, the exchange says when
   */
  take(received: Buffer): boolean {
    const exchange = this.#exchange
    // Nobody asked for it.
    if (!exchange || this.isWhole) throw new HttpFault('BAD_ANSWER')
    if (this.#head) return this.#takeBody(exchange, this.#head, received)
    let bytes = this.#unread ? Buffer.concat([this.#unread, received]) : received
    this.#unread = undefined
    for (;;) {
      const end = bytes.indexOf(HEAD_END)
      if (end > HEAD_MAX || (end === -1 && !mayBeHead(bytes))) throw new HttpFault('BAD_ANSWER')
      if (end === -1) {
        this.#unread = Buffer.from(bytes)
        return true
      }
      const head = parseResponseHead(bytes.toString('latin1', 0, end), exchange.request.method)
      bytes = bytes.subarray(end + HEAD_END.length)
      // Those below only tell that the answer is on its way (RFC 9110 section 15.2).
      if (head.status >= 200) {
        this.#begin(head)
        exchange.begin(head)
        return this.#takeBody(exchange, head, bytes)
      }
    }
  }

  /** Takes note that no more will come: some bodies end in this way. */
  takeEnd(): void {
    if (this.#head?.bodyEnd === 'close') this.isWhole = true
  }

  #begin(head: ResponseHead): void {
    this.#head = head
    this.keepFor = head.keepFor
    if (typeof head.bodyEnd === 'number') this.#missing = head.bodyEnd
    if (head.bodyEnd === 'chunked') this.#chunks = new ChunkedBody()
  }

  #takeBody(exchange: Pick<Exchange, 'take'>, { bodyEnd }: ResponseHead, bytes: Buffer): boolean {
    if (bodyEnd === 'close') return bytes.length === 0 || exchange.take(bytes)
    let goesOn = true
    let taken = Math.min(bytes.length, this.#missing)
    if (this.#chunks) {
      taken = this.#chunks.take(bytes, (data) => (goesOn = exchange.take(data)))
      this.isWhole = this.#chunks.isWhole
    } else {
      this.#missing -= taken
      if (taken > 0) goesOn = exchange.take(bytes.subarray(0, taken))
      this.isWhole = this.#missing === 0
    }
    // What follows an answer belongs to none.
    if (taken < bytes.length) this.keepFor = 0
    return goesOn
  }
}

function mayBeHead(bytes: Buffer): boolean {
  return bytes.length <= HEAD_MAX && FIRST.startsWith(bytes.toString('latin1', 0, FIRST.length))
}
