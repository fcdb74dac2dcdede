import { Agent, createServer, request, type IncomingMessage, type Server } from 'node:http'
import { connect } from 'node:net'
import type { Duplex } from 'node:stream'
import { pipeline } from 'node:stream/promises'

/**
 * A proxy that gives each request to another of these servers in turn, also those of one
 * connection, and changes nothing of it but the address it comes from.
 */
export function createRoundRobin(servers: readonly string[]): Server {
  const agent = new Agent({ keepAlive: true })
  let turn = 0
  const next = () => {
    const server = servers[(turn += 1) % servers.length]
    if (server === undefined) throw new Error('there are no servers')
    return new URL(server)
  }

  const proxy = createServer((incoming, answer) => {
    const { hostname, port } = next()
    const { method = 'GET', url = '/', rawHeaders } = incoming
    const headers = [...rawHeaders, 'X-Forwarded-For', incoming.socket.remoteAddress ?? '']
    const outgoing = request({ hostname, port, method, path: url, headers, agent }, (answered) => {
      answer.writeHead(answered.statusCode ?? 502, answered.rawHeaders)
      pipeline(answered, answer).catch(ignore)
    })
    outgoing.on('error', () => answer.destroy())
    pipeline(incoming, outgoing).catch(ignore)
  })
  proxy.on('upgrade', (incoming: IncomingMessage, socket: Duplex, head: Buffer) => {
    const { hostname, port } = next()
    const upstream = connect(Number(port), hostname, () => {
      const lines = [`${incoming.method} ${incoming.url} HTTP/1.1`]
      for (let at = 0; at < incoming.rawHeaders.length; at += 2) {
        lines.push(`${incoming.rawHeaders[at]}: ${incoming.rawHeaders[at + 1]}`)
      }
      upstream.write(`${lines.join('\r\n')}\r\n\r\n`)
      upstream.write(head)
      pipeline(socket, upstream, socket).catch(ignore)
    })
    upstream.on('error', () => socket.destroy())
    socket.on('error', () => upstream.destroy())
  })
  return proxy
}

function ignore(): void {}
