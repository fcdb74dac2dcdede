import { ChunkedBody } from './chunked-body.ts'
import type { Exchange } from './exchange.ts'
import { HttpClientError } from './http-client-error.ts'
import { parseResponseHead, type ResponseHead } from './response-head.ts'

const HEAD_MAX = 16 * 1024
const HEAD_END = '\r\n\r\n'
const FIRST = 'HTTP/1.'

/** Reads the responses of one connection, in whatever pieces they arrive. */
export class ResponseReader {
  /** Whether the response is complete. */
  isComplete = false
  /** How many milliseconds the connection may stay idle and be used again; 0 for never. */
  keepAliveMs = 0
  #exchange: Pick<Exchange, 'request' | 'onHead' | 'onBody'> | undefined
  #head: ResponseHead | undefined
  /** Characters of the interim heads so far. */
  #headLength = 0
  /** The part of a head that has arrived. */
  #unread: Buffer | undefined
  /** Bytes still missing of a body of known length. */
  #missing = 0
  #chunks: ChunkedBody | undefined

  /** Starts the response to an exchange. */
  expect(exchange: Pick<Exchange, 'request' | 'onHead' | 'onBody'>): void {
    this.#exchange = exchange
    this.isComplete = false
    this.#head = undefined
    this.#headLength = 0
    this.#chunks = undefined
  }

  /**
   * Reads the first `length` bytes of a buffer that is reused after this call, and passes the
   * response to its exchange. Throws {@link HttpClientError}.
   *
   * @returns false for backpressure
   */
  read(received: Buffer, length: number): boolean {
    const exchange = this.#exchange
    // A response without a request.
    if (!exchange || this.isComplete) throw new HttpClientError('BAD_RESPONSE')
    if (this.#head) return this.#readBody(exchange, this.#head, received, 0, length)
    const unread = this.#unread
    this.#unread = undefined
    const bytes = unread ? Buffer.concat([unread, received.subarray(0, length)]) : received
    const end = unread ? bytes.length : length
    let start = 0
    for (;;) {
      const headEnd = bytes.indexOf(HEAD_END, start)
      const isComplete = headEnd !== -1 && headEnd + HEAD_END.length <= end
      const headLength = this.#headLength + (isComplete ? headEnd : end) - start
      if (headLength > HEAD_MAX) throw new HttpClientError('BAD_RESPONSE')
      if (!isComplete) {
        const first = bytes.toString('latin1', start, Math.min(end, start + FIRST.length))
        if (!FIRST.startsWith(first)) throw new HttpClientError('BAD_RESPONSE')
        this.#unread = Buffer.from(bytes.subarray(start, end))
        return true
      }
      const text = bytes.toString('latin1', start, headEnd)
      const head = parseResponseHead(text, exchange.request.method)
      this.#headLength = headLength
      start = headEnd + HEAD_END.length
      // Interim responses (RFC 9110 section 15.2) are skipped.
      if (head.status >= 200) {
        this.#begin(head)
        exchange.onHead(head)
        return this.#readBody(exchange, head, bytes, start, end)
      }
    }
  }

  /** The server has closed the connection, which ends some bodies. */
  onConnectionEnd(): void {
    if (this.#head?.bodyFraming === 'close') this.isComplete = true
  }

  #begin(head: ResponseHead): void {
    this.#head = head
    this.keepAliveMs = head.keepAliveMs
    if (typeof head.bodyFraming === 'number') this.#missing = head.bodyFraming
    if (head.bodyFraming === 'chunked') this.#chunks = new ChunkedBody()
  }

  #readBody(
    exchange: Pick<Exchange, 'onBody'>,
    { bodyFraming }: ResponseHead,
    bytes: Buffer,
    start: number,
    end: number,
  ): boolean {
    if (bodyFraming === 'close') return start === end || exchange.onBody(bytes, start, end)
    let wantsMore = true
    let read = Math.min(end - start, this.#missing)
    if (this.#chunks) {
      read = this.#chunks.read(bytes.subarray(start, end), (data) => {
        wantsMore = exchange.onBody(data, 0, data.length)
      })
      this.isComplete = this.#chunks.isComplete
    } else {
      this.#missing -= read
      if (read > 0) wantsMore = exchange.onBody(bytes, start, start + read)
      this.isComplete = this.#missing === 0
    }
    // Bytes behind a response belong to no exchange.
    if (start + read < end) this.keepAliveMs = 0
    return wantsMore
  }
}
