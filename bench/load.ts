import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'

/** What the upstream always answers: a list of nodes, as an EMQX gives it, of about 1 kB. */
const NODES = JSON.stringify(
  Array.from({ length: 6 }, (_, at) => ({
    node: `emqx@node-${at}.cluster.example`,
    node_status: 'running',
    uptime: 86_400_000 + at,
    version: '5.8.1',
    edition: 'Enterprise',
    role: 'core',
    connections: 1000 + at,
    live_connections: 900 + at,
  })),
)
const ANSWER = Buffer.from(
  `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${NODES.length}\r\n\r\n${NODES}`,
)
const HEAD_END = '\r\n\r\n'

/** A server for requests without a body, as light as can be: it is not what is measured. */
export function startUpstream(): Promise<Server> {
  const server = createServer({ noDelay: true }, (socket) => {
    let rest = ''
    socket.on('data', (piece) => {
      const heads = (rest + piece.toString('latin1')).split(HEAD_END)
      rest = heads.pop() ?? ''
      for (let answered = 0; answered < heads.length; answered += 1) socket.write(ANSWER)
    })
    socket.on('error', () => socket.destroy())
  })
  return listen(server)
}

export function listen<Any extends Server>(server: Any): Promise<Any> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(server))
  })
}

export function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address()
  if (address === null || typeof address === 'string') throw new Error('it listens on no port')
  return address.port
}

/** What is asked of every server, below the address of its API. */
export const PATH = '/api/v5/clients?limit=100'

/** A request as it is written on a connection; `authorization` is the header's value. */
export function requestOf(path: string, authorization: string): string {
  return `GET ${path} HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\nUser-Agent: bench\r\nAuthorization: ${authorization}\r\n\r\n`
}

export type Load = {
  port: number
  /** Heads of requests, complete with their empty line, that are sent in turns. */
  requests: readonly string[]
  connections: number
  milliseconds: number
  /** The loopback address to call from. */
  from: string
  /** The statuses that are no failure. */
  statuses: readonly number[]
}

/**
 * Sends one request after the other over each connection for so long.
 *
 * @returns answers per second; throws when one has another status
 */
export async function measure(load: Load): Promise<number> {
  const requests = load.requests.map((request) => Buffer.from(request, 'latin1'))
  let sent = Math.floor(Math.random() * requests.length)
  const next = () => {
    sent += 1
    return requests[sent % requests.length] ?? Buffer.alloc(0)
  }
  const started = performance.now()
  const counts = await Promise.all(
    Array.from({ length: load.connections }, () => askOnOneConnection(load, next, started)),
  )
  const seconds = (performance.now() - started) / 1000
  return counts.reduce((sum, count) => sum + count, 0) / seconds
}

function askOnOneConnection(
  { port, milliseconds, from, statuses }: Load,
  next: () => Buffer,
  started: number,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket: Socket = connect({ port, host: '127.0.0.1', localAddress: from, noDelay: true })
    let answers = 0
    let missing = 0
    socket.on('connect', () => socket.write(next()))
    socket.on('error', reject)
    socket.on('data', (piece) => {
      if (missing === 0) {
        const head = piece.toString('latin1')
        const length = /\r\ncontent-length: (\d+)\r\n/i.exec(head)?.[1]
        const end = head.indexOf(HEAD_END)
        const isExpected = statuses.includes(Number(head.slice(9, 12)))
        if (!isExpected || length === undefined || end < 0) {
          reject(new Error(`unexpected answer: ${head.slice(0, 300)}`))
          socket.destroy()
          return
        }
        missing = end + HEAD_END.length + Number(length)
      }
      missing -= piece.length
      if (missing > 0) return
      missing = 0
      answers += 1
      if (performance.now() - started < milliseconds) socket.write(next())
      else socket.end(() => resolve(answers))
    })
  })
}
