import { HttpFault } from './http-fault.ts'

const LINE_MAX = 16 * 1024
const SIZE = /^([\da-f]{1,12})(?:;[^\0-\x08\n-\x1f\x7f]*)?$/i
const TRAILER = /^[\w!#$%&'*+.^`|~-]+:[^\0-\x08\n-\x1f\x7f]*$/

/**
 * Takes a body in chunks apart (RFC 9112 section 7.1), in whatever pieces it comes. What trails it
 * is dropped. As strict as the parser of heads.
 */
export class ChunkedBody {
  #next: 'size' | 'data' | 'dataEnd' | 'trailer' | 'nothing' = 'size'
  /** Of the chunk that is on its way. */
  #missing = 0
  /** What has come of a line. */
  #line = ''
  #trailerLength = 0

  /** Whether all of it has come. */
  get isWhole(): boolean {
    return this.#next === 'nothing'
  }

  /**
   * Takes what comes next, and gives the data in it. Throws {@link HttpFault}.
   *
   * @returns how many bytes belong to this body: those behind them are another's
   */
  take(bytes: Buffer, give: (data: Buffer) => void): number {
    let at = 0
    while (at < bytes.length && this.#next !== 'nothing') {
      if (this.#next === 'data') {
        const data = bytes.subarray(at, at + this.#missing)
        at += data.length
        this.#missing -= data.length
        if (this.#missing === 0) this.#next = 'dataEnd'
        give(data)
      } else {
        const newline = bytes.indexOf(10, at)
        const end = newline === -1 ? bytes.length : newline + 1
        this.#line += bytes.toString('latin1', at, end)
        at = end
        if (this.#line.length > LINE_MAX) throw new HttpFault('BAD_ANSWER')
        if (newline !== -1) this.#takeLine()
      }
    }
    return at
  }

  #takeLine(): void {
    if (!this.#line.endsWith('\r\n')) throw new HttpFault('BAD_ANSWER')
    const line = this.#line.slice(0, -2)
    this.#line = ''
    switch (this.#next) {
      case 'size': {
        const size = SIZE.exec(line)?.[1]
        if (size === undefined) throw new HttpFault('BAD_ANSWER')
        this.#missing = Number.parseInt(size, 16)
        this.#next = this.#missing === 0 ? 'trailer' : 'data'
        break
      }
      case 'dataEnd': {
        if (line !== '') throw new HttpFault('BAD_ANSWER')
        this.#next = 'size'
        break
      }
      case 'trailer': {
        this.#trailerLength += line.length
        if (line === '') this.#next = 'nothing'
        else if (!TRAILER.test(line) || this.#trailerLength > LINE_MAX) {
          throw new HttpFault('BAD_ANSWER')
        }
        break
      }
      case 'data':
      case 'nothing':
    }
  }
}
