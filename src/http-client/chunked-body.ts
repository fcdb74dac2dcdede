import { HttpClientError } from './http-client-error.ts'

const LINE_MAX = 16 * 1024
// With extensions (RFC 9112 section 7.1.1), which are ignored. Space around them is refused.
const SIZE =
  /^([\da-f]{1,12})(?:;[\w!#$%&'*+.^`|~-]+(?:=(?:[\w!#$%&'*+.^`|~-]+|"(?:[\t !#-[\]-~\x80-\xff]|\\[\t -~\x80-\xff])*"))?)*$/i
const TRAILER = /^[\w!#$%&'*+.^`|~-]+:[^\0-\x08\n-\x1f\x7f]*$/

/**
 * Decodes a chunked body (RFC 9112 section 7.1), in whatever pieces it arrives. Trailers are
 * dropped. As strict as the parser of heads.
 */
export class ChunkedBody {
  #next: 'size' | 'data' | 'dataEnd' | 'trailer' | 'done' = 'size'
  /** Bytes still missing of the current chunk. */
  #missing = 0
  /** The part of a line that has arrived. */
  #line = ''
  #trailerLength = 0

  /** Whether the body is complete. */
  get isComplete(): boolean {
    return this.#next === 'done'
  }

  /**
   * Decodes the next bytes and passes on the data in them. Throws {@link HttpClientError}.
   *
   * @returns how many of the bytes belong to this body
   */
  read(bytes: Buffer, onData: (data: Buffer) => void): number {
    let at = 0
    while (at < bytes.length && this.#next !== 'done') {
      if (this.#next === 'data') {
        const data = bytes.subarray(at, at + this.#missing)
        at += data.length
        this.#missing -= data.length
        if (this.#missing === 0) this.#next = 'dataEnd'
        onData(data)
      } else {
        const newline = bytes.indexOf(10, at)
        const end = newline === -1 ? bytes.length : newline + 1
        this.#line += bytes.toString('latin1', at, end)
        at = end
        if (this.#line.length > LINE_MAX) throw new HttpClientError('BAD_RESPONSE')
        if (newline !== -1) this.#readLine()
      }
    }
    return at
  }

  #readLine(): void {
    if (!this.#line.endsWith('\r\n')) throw new HttpClientError('BAD_RESPONSE')
    const line = this.#line.slice(0, -2)
    this.#line = ''
    switch (this.#next) {
      case 'size': {
        const size = SIZE.exec(line)?.[1]
        if (size === undefined) throw new HttpClientError('BAD_RESPONSE')
        this.#missing = Number.parseInt(size, 16)
        this.#next = this.#missing === 0 ? 'trailer' : 'data'
        break
      }
      case 'dataEnd': {
        if (line !== '') throw new HttpClientError('BAD_RESPONSE')
        this.#next = 'size'
        break
      }
      case 'trailer': {
        this.#trailerLength += line.length
        if (line === '') this.#next = 'done'
        else if (!TRAILER.test(line) || this.#trailerLength > LINE_MAX) {
          throw new HttpClientError('BAD_RESPONSE')
        }
        break
      }
      case 'data':
      case 'done':
    }
  }
}
