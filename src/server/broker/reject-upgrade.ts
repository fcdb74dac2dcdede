import type { Duplex } from 'node:stream'

/** Rejects an upgrade request with a status such as `404 Not Found`. */
export function rejectUpgrade(socket: Duplex, status: string): void {
  socket.on('error', () => socket.destroy())
  // A client that keeps its side open would keep the server from stopping.
  socket.once('finish', () => socket.destroy())
  socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`)
}
