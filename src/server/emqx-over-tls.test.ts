import { createServer, type Server } from 'node:https'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { DEFAULT_TIMEOUTS } from '../backends/emqx/endpoint.ts'
import { answerJson } from '../backends/emqx/fake-emqx.ts'
import { probeEmqx } from '../backends/emqx/probe.ts'
import { Secret } from '../contract/secret.ts'
import { startTestServer, type TestKey, type TestServer } from './testing.ts'
import { newCertificate } from './testing/certificate.ts'

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
  await new Promise<void>((resolve) => {
    emqx.listen(0, 'localhost', resolve)
  })
  const { port } = z.object({ port: z.number() }).parse(emqx.address())
  emqxUrl = `https://localhost:${port}`
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
