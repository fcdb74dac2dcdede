import { createServer, type Server } from 'node:https'
import { setImmediate as turn } from 'node:timers/promises'
import {
  createServer as createTlsServer,
  getCACertificates,
  setDefaultCACertificates,
  type Server as TlsServer,
} from 'node:tls'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { DEFAULT_TIMEOUTS } from '../../src/backends/emqx/endpoint.ts'
import { answerJson } from '../../src/backends/emqx/fake-emqx.ts'
import { probeEmqx } from '../../src/backends/emqx/probe.ts'
import { Secret } from '../../src/contract/secret.ts'
import { HttpClient } from '../../src/http-client/http-client.ts'
import { newCertificate } from '../harness/certificate.ts'
import { startTestServer, type TestKey, type TestServer } from '../harness/test-server.ts'

const PIECE = Buffer.alloc(1024 * 1024, 'x')
const PIECES = 16

const trusted = getCACertificates('default')
const { cert, key: privateKey } = newCertificate()

let emqx: Server
let emqxUrl: string
let server: TestServer
let base: string
let key: TestKey

beforeAll(async () => {
  emqx = createServer({ cert, key: privateKey }, (request, response) => {
    if (request.method === 'POST') {
      let received = 0
      request.on('data', (piece: Buffer) => (received += piece.length))
      request.on('end', () => answerJson(response, { received }))
    } else if (/\/(?:nodes|subscriptions)$/.test(request.url ?? '')) {
      answerJson(response, [{ node_status: 'running' }])
    } else {
      for (let piece = 0; piece < PIECES; piece += 1) response.write(PIECE)
      response.end()
    }
  })
  emqxUrl = await listen(emqx)
  server = await startTestServer()
  setDefaultCACertificates([...trusted, cert])
  const id = await server.addEmqx(emqxUrl, { plan: 'dedicated', version: 'v5' })
  base = `${server.url}/${id}/api/v5`
  key = await server.createKey(id, { access: { mode: 'full' } })
})
afterAll(async () => {
  setDefaultCACertificates(trusted)
  await server.stop()
  await new Promise((resolve) => {
    emqx.close(resolve)
    emqx.closeAllConnections()
  })
})

async function listen(one: TlsServer): Promise<string> {
  await new Promise<void>((resolve) => {
    one.listen(0, 'localhost', resolve)
  })
  const { port } = z.object({ port: z.number() }).parse(one.address())
  return `https://localhost:${port}`
}

test('calls reach an EMQX over TLS, and bodies arrive whole both ways', async () => {
  const headers = { authorization: key.authorization }
  const list = await fetch(`${base}/subscriptions`, { headers })
  expect(await list.json()).toEqual([{ node_status: 'running' }])

  const upload = await fetch(`${base}/publish`, { method: 'POST', headers, body: PIECE })
  expect(await upload.json()).toEqual({ received: PIECE.length })

  const download = await fetch(`${base}/clients`, { headers })
  let received = 0
  // Other calls come and go before it is read on.
  for await (const piece of download.body ?? []) {
    received += piece.length
    if (received % 8 === 0) await fetch(`${base}/subscriptions`, { headers })
  }
  expect(received).toBe(PIECES * PIECE.length)
})

test('an EMQX with a certificate that nobody trusts is refused by name', async () => {
  setDefaultCACertificates(trusted)
  const endpoint = { url: emqxUrl, keyId: 'id', keySecret: new Secret('s3cret') }
  const errors = await probeEmqx(endpoint, 'v5', DEFAULT_TIMEOUTS)
  setDefaultCACertificates([...trusted, cert])
  expect(errors).toEqual([
    { field: 'url', detail: expect.stringMatching(/^No trusted TLS connection to localhost:/) },
  ])
})

test('whatever comes in one piece over TLS, a slow reader gets it all, and the next one too', async () => {
  let answer = { first: '', behind: '', later: '' }
  let connections = 0
  let resumed = 0
  const raw = createTlsServer({ cert, key: privateKey }, (socket) => {
    connections += 1
    resumed += Number(socket.isSessionReused())
    socket.on('error', () => socket.destroy())
    socket.on('data', () => {
      // Each is a record of its own.
      socket.write(answer.first)
      if (answer.behind !== '') socket.write(answer.behind)
      if (answer.later !== '') setImmediate(() => setImmediate(() => socket.write(answer.later)))
    })
  })
  const url = await listen(raw)
  const timeouts = { connect: 2000, headers: 2000, body: 2000 }
  const client = new HttpClient(new URL(url), { connections: 1, timeouts })
  const read = async () => {
    const { signal } = new AbortController()
    const sent = { method: 'GET', path: '/', headers: {}, body: null, signal }
    const { body } = await client.send(sent)
    if (body instanceof Uint8Array) return body.length
    // It fills up before anybody reads it.
    for (let turns = 0; turns < 5; turns += 1) await turn()
    let length = 0
    for await (const piece of body) length += piece.length
    return length
  }
  // Around what fills a stream up, a record of TLS being 16 KiB.
  for (let length = 64_000; length < 84_000; length += 500) {
    const text = 'x'.repeat(length)
    const measured = `HTTP/1.1 200 OK\r\ncontent-length: ${length}\r\n\r\n${text}`
    answer = { first: measured, behind: '', later: '' }
    expect(await read()).toBe(length)
    const chunk = `${length.toString(16)}\r\n${text}`
    const chunked = `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n${chunk}`
    answer = { first: chunked, behind: '\r\n0\r\n\r\n', later: '' }
    expect(await read()).toBe(length)
    answer = { first: chunked, behind: '\r\n', later: '1\r\ny\r\n0\r\n\r\n' }
    expect(await read()).toBe(length + 1)
  }
  expect(connections).toBe(1)
  answer.first = 'HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n'
  answer.behind = answer.later = ''
  await read()
  await read()
  expect([connections, resumed]).toEqual([2, 1])
  await client.close()
  await new Promise((resolve) => {
    raw.close(resolve)
  })
})
