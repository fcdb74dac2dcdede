import { createServer, request, type Server } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { basicAuthorization } from '../../src/contract/keys/credentials.ts'

/** Where an embedded deployment is called, and by which key. */
export type Broker = { url: string; version: 'v4' | 'v5'; appId: string; appSecret: string }

/** What it is called with. */
export const UPSTREAM_KEY = { keyId: 'upstream', keySecret: 'upstream-s3cret' }

const STARTED = Date.now()
const PATH = /^\/([^/]+)\/api\/(v4|v5)(\/[^?]*)(\?.*)?$/

/**
 * Several EMQX in one, below `/{id}`: what an EMQX tells of itself is made up, everything else is
 * answered by an embedded broker.
 */
export function createEmqxOfBrokers(brokers: ReadonlyMap<string, Broker>): Server {
  return createServer((incoming, answer) => {
    const [, id = '', version, path = '', query = ''] = PATH.exec(incoming.url ?? '') ?? []
    const broker = brokers.get(id)
    const { authorization } = incoming.headers
    if (!broker || broker.version !== version) {
      answer.writeHead(404).end()
      return
    }
    const { keyId, keySecret } = UPSTREAM_KEY
    if (authorization !== basicAuthorization(keyId, keySecret)) {
      answer.writeHead(401).end()
      return
    }
    const told = toldBy(broker.version, path)
    if (told !== undefined) {
      answer.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(told))
      return
    }
    const { hostname, port, pathname } = new URL(broker.url)
    const headers = {
      ...incoming.headers,
      authorization: basicAuthorization(broker.appId, broker.appSecret),
    }
    const method = incoming.method ?? 'GET'
    const options = { hostname, port, method, headers, path: `${pathname}${path}${query}` }
    const outgoing = request(options, (answered) => {
      answer.writeHead(answered.statusCode ?? 502, answered.rawHeaders)
      pipeline(answered, answer).catch(ignore)
    })
    outgoing.on('error', () => answer.destroy())
    pipeline(incoming, outgoing).catch(ignore)
  })
}

function toldBy(version: 'v4' | 'v5', path: string): unknown {
  const node = { node_status: version === 'v4' ? 'Running' : 'running' }
  if (path === '/nodes') {
    const uptime = Date.now() - STARTED
    return version === 'v5' ? [{ ...node, uptime }] : { code: 0, data: [node] }
  }
  return version === 'v5' && path === '/listeners' ? [] : undefined
}

function ignore(): void {}
