import { createServer } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { Secret } from '../../contract/secret.ts'
import { answerJson, startFakeEmqx, type FakeEmqx, type Respond } from './fake-emqx.ts'
import { probeEmqx } from './probe.ts'

const timeouts = { connect: 2000, headers: 2000, body: 2000, reading: 2000 }
const nodes = [{ node_status: 'running', uptime: 1 }]

let emqx: FakeEmqx
let respond: Respond

beforeEach(async () => {
  respond = (_, response) => answerJson(response, nodes)
  emqx = await startFakeEmqx((request, response) => respond(request, response))
})
afterEach(() => emqx.close())

type Options = { url?: string; version?: 'v4' | 'v5'; wait?: typeof timeouts }

async function probe({ url = emqx.url, version = 'v5', wait = timeouts }: Options = {}) {
  const errors = await probeEmqx(
    { url, keyId: 'id', keySecret: new Secret('s3cret') },
    version,
    wait,
  )
  expect(JSON.stringify(errors)).not.toContain('s3cret')
  return errors.map(({ field, detail }) => `${field}: ${detail}`).join('')
}

test('finds nothing wrong with an EMQX that answers', async () => {
  expect(await probe()).toBe('')
  expect(emqx.requests.map(({ url }) => url)).toEqual(['/api/v5/nodes'])
  respond = (_, response) => answerJson(response, { code: 0, data: nodes })
  expect(await probe({ version: 'v4' })).toBe('')
})

test('names the key where EMQX refuses it', async () => {
  respond = (_, response) => answerJson(response, {}, 401)
  expect(await probe()).toMatch(/^keyId: EMQX refuses/)
  respond = (_, response) => answerJson(response, {}, 403)
  expect(await probe()).toMatch(/^keyId: .*administrator/)
})

test('names the address where no EMQX of this version answers', async () => {
  const wrong: Respond[] = [
    (_, response) => answerJson(response, {}, 404),
    (_, response) => answerJson(response, { hello: 'world' }),
    (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'),
  ]
  for (const one of wrong) {
    respond = one
    expect(await probe()).toMatch(/^url: No EMQX API of this version answers at \/api\/v5/)
  }
  respond = (_, response) => response.writeHead(302, { location: '/login' }).end()
  expect(await probe()).toMatch(/^url: .*redirects/)
})

test('says why nothing answers at all', async () => {
  expect(await probe({ url: 'http://emqx.invalid' })).toMatch(/^url: The name .* can't be resolved/)
  expect(await probe({ url: 'http://127.0.0.1:9' })).toMatch(/^url: Nothing listens at 127.0.0.1:9/)
  expect(await probe({ url: emqx.url.replace('http:', 'https:') })).toMatch(/^url: No trusted TLS/)
  respond = () => {}
  const wait = { ...timeouts, connect: 50, reading: 50 }
  expect(await probe({ wait })).toMatch(/^url: .* didn't answer in time/)
})

test('tells what is no web server', async () => {
  const server = createServer((socket) => socket.resume().end('SSH-2.0-OpenSSH\r\n'))
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = z.object({ port: z.number() }).parse(server.address())
  expect(await probe({ url: `http://127.0.0.1:${port}` })).toMatch(
    /^url: .*as a web server does\. Check/,
  )
  await new Promise((resolve) => {
    server.close(resolve)
  })
})
