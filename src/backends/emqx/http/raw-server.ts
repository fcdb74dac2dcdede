import { createServer, type Socket } from 'node:net'
import { z } from 'zod'

export type RawServer = {
  url: URL
  /** One of each connection, in the order in which they came. */
  sockets: Socket[]
  close(): Promise<void>
}

/** A server for tests that hands over each connection, and what comes on it byte by byte. */
export async function startRawServer(
  onBytes: (socket: Socket, bytes: string, nth: number) => void,
): Promise<RawServer> {
  const sockets: Socket[] = []
  const server = createServer((socket) => {
    const nth = sockets.push(socket) - 1
    socket.on('data', (piece: Buffer) => onBytes(socket, piece.toString('latin1'), nth))
    socket.on('error', () => socket.destroy())
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = z.object({ port: z.number() }).parse(server.address())
  return {
    url: new URL(`http://127.0.0.1:${port}`),
    sockets,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}
