import type { Duplex } from 'node:stream'

/** Answers a request to upgrade with a status alone, such as `404 Not Found`. */
export function refuseSocket(socket: Duplex, status: string): void {
  socket.on('error', () => socket.destroy())
  // A caller that keeps its own side open would keep the socket, and the server from stopping.
  socket.once('finish', () => socket.destroy())
  socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`)
}
