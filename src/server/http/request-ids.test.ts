import { Agent, fetch as fetchFrom } from 'undici'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  startTestServer,
  type TestKey,
  type TestServer,
} from '../../../test/harness/test-server.ts'
import { answerJson, startFakeEmqx, type FakeEmqx } from '../../backends/emqx/fake-emqx.ts'

const MADE = /^[\w-]{12}$/
const proxy = new Agent({ localAddress: '127.0.0.2' })
const anybody = new Agent()

let server: TestServer
let emqx: FakeEmqx
let id: string
let key: TestKey
let atBackend: (string | string[] | undefined)[] = []

beforeAll(async () => {
  emqx = await startFakeEmqx((request, response) => {
    if (request.url === '/api/v5/clients') atBackend.push(request.headers['x-request-id'])
    response.setHeader('x-request-id', 'one-of-the-emqx')
    answerJson(response, [{ node_status: 'running' }])
  })
  server = await startTestServer({ environment: { TRUSTED_PROXIES: '127.0.0.2' } })
  id = await server.addEmqx(emqx.url, { plan: 'dedicated', version: 'v5' })
  key = await server.createKey(id, { access: { mode: 'full' } })
})
beforeEach(() => {
  atBackend = []
})
afterAll(async () => {
  await Promise.all([proxy.close(), anybody.close()])
  await server.stop()
  await emqx.close()
})

/** The id in the answers of the gateway and of the management API. */
async function idsOf(dispatcher: Agent, sent: Record<string, string> = {}): Promise<string[]> {
  const { authorization } = key
  const ask = async (path: string, headers: Record<string, string>) => {
    const answer = await fetchFrom(`http://127.0.0.1:${server.port}${path}`, {
      dispatcher,
      headers: { ...headers, ...sent },
    })
    await answer.text()
    return answer.headers.get('x-request-id') ?? ''
  }
  return [
    await ask(`/${id}/api/v5/clients`, { authorization }),
    await ask('/api/v1/deployments', { authorization: `Bearer ${await server.token()}` }),
  ]
}

const loggedAs = (requestId: string) =>
  server.lines.filter((line) => JSON.parse(line).requestId === requestId).join('')

test('a request has one id in the answer, in the log and at the backend', async () => {
  const [called = '', managed = ''] = await idsOf(anybody)
  expect(called).toMatch(MADE)
  expect(managed).toMatch(MADE)
  expect(managed).not.toBe(called)
  expect(atBackend).toEqual([called])
  expect(loggedAs(called)).toContain('"path":"/v5/clients"')
  expect(loggedAs(managed)).toContain('"path":"/api/v1/deployments"')
})

test('a trusted proxy may have given it one', async () => {
  const sent = '7f0a2b44c1d94c5d8a0e3b6f9d2c1e00'
  expect(await idsOf(proxy, { 'x-request-id': sent })).toEqual([sent, sent])
  expect(atBackend).toEqual([sent])
})

test('nobody else may, and nothing but a plain word goes on', async () => {
  const refused: [Agent, string][] = [
    [anybody, 'chosen-by-a-caller'],
    [proxy, 'short'],
    [proxy, 'x'.repeat(65)],
    [proxy, 'two words'],
    [proxy, '"},{"level":"error'],
    [proxy, 'one-of-two, two-of-two'],
  ]
  for (const [from, sent] of refused) {
    for (const given of await idsOf(from, { 'x-request-id': sent })) expect(given).toMatch(MADE)
    expect(String(atBackend)).not.toContain(sent)
  }
})

test('a failure behind the answer is logged under it', async () => {
  const { authorization } = await server.createKey(id, { access: { mode: 'full' } })
  await emqx.close()
  const answer = await fetch(`${server.url}/${id}/api/v5/clients`, { headers: { authorization } })
  expect(answer.status).toBe(502)
  expect(loggedAs(answer.headers.get('x-request-id') ?? '')).toContain('ECONNREFUSED')
})
