import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { z } from 'zod'

const address = z.object({ port: z.int() })

/** A way to a database whose machine can go away. */
export type WayToDatabase = {
  /** Where the database is by it. */
  url: string
  /**
   * Ends the database's side of each connection without a word to the other side, as when its
   * machine is lost. New connections get through, as to the one that takes its place.
   */
  vanish(): void
  close(): Promise<void>
}

/** Opens a way to the database at this address. */
export async function openWayTo(databaseUrl: string): Promise<WayToDatabase> {
  const target = new URL(databaseUrl)
  let pairs: [near: Socket, far: Socket][] = []
  const sockets = new Set<Socket>()
  const server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname)
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => sockets.delete(socket))
    }
    near.pipe(far)
    far.pipe(near)
    pairs.push([near, far])
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = address.parse(server.address())
  return {
    url: Object.assign(new URL(target), { hostname: '127.0.0.1', port: String(port) }).href,
    vanish() {
      for (const [near, far] of pairs) {
        near.unpipe(far)
        far.unpipe(near)
        near.pause()
        far.destroy()
      }
      pairs = []
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
