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
  /** How long the interim heads before it were. */
  #headLength = 0
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
    this.#headLength = 0
    this.#chunks = undefined
  }

  /**
   * Takes the first bytes of what is given, in memory that is used again after this, and hands the
   * answer on. Throws {@link HttpFault} where it isn't one.
   *
   * @returns whether to go on; if not, the exchange says when
   */
  take(received: Buffer, length: number): boolean {
    const exchange = this.#exchange
    // Nobody asked for it.
    if (!exchange || this.isWhole) throw new HttpFault('BAD_ANSWER')
    if (this.#head) return this.#takeBody(exchange, this.#head, received, 0, length)
    const unread = this.#unread
    this.#unread = undefined
    const bytes = unread ? Buffer.concat([unread, received.subarray(0, length)]) : received
    const end = unread ? bytes.length : length
    let start = 0
    for (;;) {
      const headEnd = bytes.indexOf(HEAD_END, start)
      const isWhole = headEnd !== -1 && headEnd + HEAD_END.length <= end
      const headLength = this.#headLength + (isWhole ? headEnd : end) - start
      if (headLength > HEAD_MAX) throw new HttpFault('BAD_ANSWER')
      if (!isWhole) {
        const first = bytes.toString('latin1', start, Math.min(end, start + FIRST.length))
        if (!FIRST.startsWith(first)) throw new HttpFault('BAD_ANSWER')
        this.#unread = Buffer.from(bytes.subarray(start, end))
        return true
      }
      const text = bytes.toString('latin1', start, headEnd)
      const head = parseResponseHead(text, exchange.request.method)
      this.#headLength = headLength
      start = headEnd + HEAD_END.length
      // Those below only tell that the answer is on its way (RFC 9110 section 15.2).
      if (head.status >= 200) {
        this.#begin(head)
        exchange.begin(head)
        return this.#takeBody(exchange, head, bytes, start, end)
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

  #takeBody(
    exchange: Pick<Exchange, 'take'>,
    { bodyEnd }: ResponseHead,
    bytes: Buffer,
    start: number,
    end: number,
  ): boolean {
    if (bodyEnd === 'close') return start === end || exchange.take(bytes, start, end)
    let goesOn = true
    let taken = Math.min(end - start, this.#missing)
    if (this.#chunks) {
      taken = this.#chunks.take(bytes.subarray(start, end), (data) => {
        goesOn = exchange.take(data, 0, data.length)
      })
      this.isWhole = this.#chunks.isWhole
    } else {
      this.#missing -= taken
      if (taken > 0) goesOn = exchange.take(bytes, start, start + taken)
      this.isWhole = this.#missing === 0
    }
    // What follows an answer belongs to none.
    if (start + taken < end) this.keepFor = 0
    return goesOn
  }
}
