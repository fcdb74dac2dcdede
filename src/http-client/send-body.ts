import type { Writable } from 'node:stream'
import { setImmediate as yieldToEventLoop } from 'node:timers/promises'
import { HttpClientError } from './http-client-error.ts'

type Sending = {
  /** Written first, in one packet with what is there of the body already. */
  head: string
  /** The content-length; null for a chunked body (RFC 9112 section 7.1). */
  length: number | null
  signal: AbortSignal
  /** Whether the exchange is still open. */
  isWanted: () => boolean
  /** Called when the sender starts to wait for the server, or for the body's source. */
  onProgress: (waitsFor: 'server' | 'source') => void
}

/**
 * Sends a request's body with backpressure. If the exchange is over, the rest of the body is read
 * and dropped, so that the caller's connection can serve its next request. Rejects with the
 * source's error, or with {@link HttpClientError} if the body's length differs from the head's:
 * the rest would be read as another request.
 */
export async function sendBody(
  socket: Writable,
  body: AsyncIterable<Uint8Array>,
  { head, length, signal, isWanted, onProgress }: Sending,
): Promise<void> {
  let sent = 0
  socket.cork()
  socket.write(head, 'latin1')
  setImmediate(() => socket.uncork())
  onProgress('source')
  for await (const piece of body) {
    if (signal.aborted) return
    if (!isWanted()) {
      // A source that never waits must not block the event loop.
      await yieldToEventLoop()
      continue
    }
    if (piece.length === 0) continue
    sent += piece.length
    if (length !== null && sent > length) throw new HttpClientError('BAD_REQUEST')
    onProgress('server')
    if (length === null) writeChunk(socket, piece)
    else socket.write(piece)
    if (socket.writableNeedDrain) await drained(socket)
    onProgress('source')
  }
  if (!isWanted()) return
  if (length !== null && sent !== length) throw new HttpClientError('BAD_REQUEST')
  onProgress('server')
  if (length === null) socket.write('0\r\n\r\n')
}

function writeChunk(socket: Writable, piece: Uint8Array): void {
  socket.cork()
  socket.write(`${piece.length.toString(16)}\r\n`)
  socket.write(piece)
  socket.write('\r\n')
  socket.uncork()
}

/** Waits until a stream takes more or has closed. */
function drained(stream: Writable): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      stream.off('drain', done).off('close', done)
      resolve()
    }
    stream.on('drain', done).on('close', done)
  })
}
