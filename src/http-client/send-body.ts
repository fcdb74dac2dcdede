import type { Writable } from 'node:stream'
import { setImmediate as turn } from 'node:timers/promises'
import { HttpFault } from './http-fault.ts'

type Sending = {
  /** Goes before it, in one piece with what is there of it already. */
  head: string
  /** As the head tells it; null where it goes in chunks (RFC 9112 section 7.1). */
  length: number | null
  signal: AbortSignal
  /** Whether the other side still takes it. */
  isWanted: () => boolean
  /** Told when the other side is waited for, and when it is the body's own source. */
  onProgress: (waitsFor: 'server' | 'source') => void
}

/**
 * Sends a request's body, no faster than it is taken. One that is no longer wanted is read off,
 * so that its source can go on to what follows it. Rejects with the source's error, or with
 * {@link HttpFault} where it isn't as long as its head says: what comes after it would be taken
 * for another request.
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
      // Even of a source that never waits.
      await turn()
      continue
    }
    if (piece.length === 0) continue
    sent += piece.length
    if (length !== null && sent > length) throw new HttpFault('BAD_REQUEST')
    onProgress('server')
    if (length === null) writeChunk(socket, piece)
    else socket.write(piece)
    if (socket.writableNeedDrain) await drained(socket)
    onProgress('source')
  }
  if (!isWanted()) return
  if (length !== null && sent !== length) throw new HttpFault('BAD_REQUEST')
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

/** Waits until a stream takes more, or nothing any more. */
function drained(stream: Writable): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      stream.off('drain', done).off('close', done)
      resolve()
    }
    stream.on('drain', done).on('close', done)
  })
}
