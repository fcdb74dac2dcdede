import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { z } from 'zod'
import type { HttpResponse, HttpRequest } from '../exchange.ts'
import { HttpClient } from '../http-client.ts'

export type RawServer = {
  url: URL
  /** Accepted connections, in order. */
  sockets: Socket[]
  close(): Promise<void>
}

type OnBytes = (socket: Socket, bytes: string, nth: number) => void

/** A TCP server for tests that passes on each connection's bytes as Latin-1 text. */
export async function startRawServer(onBytes: OnBytes): Promise<RawServer> {
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

export const TIMEOUTS = { connect: 5000, headers: 30_000, body: 30_000 }
/** Codes of errors by which a client reports a lost connection. */
export const CONNECTION_LOST = /^(?:CONNECTION_CLOSED|ECONNRESET)$/

const started: { close(): Promise<void> }[] = []

/** Starts a client and the server that it is connected to; {@link disconnect} ends both. */
export async function connected(onBytes: OnBytes, { connections = 8 } = {}) {
  const server = await startRawServer(onBytes)
  const client = new HttpClient(server.url, { connections, timeouts: TIMEOUTS })
  started.push(client, server)
  const send = (request: Partial<HttpRequest> = {}) => client.send(requestOf(request))
  return { server, client, send }
}

/** Ends all clients and servers of {@link connected}. */
export async function disconnect(): Promise<void> {
  await Promise.all(started.splice(0).map((one) => one.close()))
}

export function requestOf(request: Partial<HttpRequest>): HttpRequest {
  const { signal } = new AbortController()
  return { method: 'GET', path: '/', headers: {}, body: null, signal, ...request }
}

export async function textOf({ body }: HttpResponse): Promise<string> {
  const pieces = body instanceof Uint8Array ? [body] : await body.toArray()
  return Buffer.concat(pieces).toString('latin1')
}

export const responseText = (body: string, ...lines: string[]) =>
  ['HTTP/1.1 200 OK', `content-length: ${body.length}`, ...lines, '', body].join('\r\n')

/** Waits until the server sees that a connection has closed. */
export async function ended({ sockets }: RawServer, nth = 0): Promise<void> {
  const socket = sockets[nth]
  if (socket && !socket.closed) await once(socket, 'close')
}
