import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  startTestServer,
  type TestKey,
  type TestServer,
} from '../../../test/harness/test-server.ts'
import { answerJson, startFakeEmqx, type FakeEmqx } from '../../backends/emqx/fake-emqx.ts'
import { roles } from '../../contract/accounts/roles.ts'
import { basicAuthorization } from '../../contract/keys/credentials.ts'

let server: TestServer
let emqx: FakeEmqx
let id: string
let key: TestKey

beforeAll(async () => {
  emqx = await startFakeEmqx((request, response) => {
    if (request.url === '/api/v5/rules') response.destroy()
    else answerJson(response, [{ node_status: 'running' }])
  })
  server = await startTestServer()
  id = await server.addEmqx(emqx.url, { plan: 'dedicated', version: 'v5' })
  key = await server.createKey(id, {
    note: 'a note of its own',
    access: { mode: 'list', operations: ['GET /clients', 'GET /rules'] },
  })
})
afterAll(async () => {
  await server.stop()
  await emqx.close()
})

async function page(): Promise<string> {
  const answer = await fetch(`${server.url}/metrics`, {
    headers: { authorization: `Bearer ${await server.createToken('viewer')}` },
  })
  expect(answer.status).toBe(200)
  expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/)
  return answer.text()
}

/** The value of a series, by its name with its labels as they are written. */
function valueOf(metrics: string, series: string): number {
  const line = metrics.split('\n').find((one) => one.startsWith(`${series} `))
  return Number(line?.split(' ').at(-1) ?? 0)
}

async function call(path: string, authorization = key.authorization): Promise<number> {
  const answer = await fetch(`${server.url}${path}`, { headers: { authorization } })
  await answer.text()
  return answer.status
}

test('calls, failures and their times are counted by deployment and outcome', async () => {
  expect(await call(`/${id}/api/v5/clients`)).toBe(200)
  expect(await call(`/${id}/api/v5/clients`)).toBe(200)
  expect(await call(`/${id}/api/v5/clients/one`)).toBe(403)
  const wrong = basicAuthorization(key.appId, 'wrong')
  expect(await call(`/${id}/api/v5/clients`, wrong)).toBe(401)
  expect(await call(`/${id}/api/v5/rules`)).toBe(502)
  const metrics = await page()
  const calls = (outcome: string) =>
    valueOf(metrics, `latchkey_gateway_calls_total{deployment="${id}",outcome="${outcome}"}`)
  expect([calls('allowed'), calls('refused'), calls('failed')]).toEqual([2, 2, 1])
  const failed = `latchkey_gateway_failures_total{deployment="${id}",kind="unreachable"}`
  expect(valueOf(metrics, failed)).toBe(1)
  const timed = 'latchkey_request_duration_seconds_count{route="gateway",outcome="allowed"}'
  expect(valueOf(metrics, timed)).toBe(2)
  expect(valueOf(metrics, 'latchkey_key_lookup_duration_seconds_count')).toBe(6)
})

test('so are the management API, the store, background work and the process', async () => {
  const before = await page()
  const route = '{route="management",outcome="refused"}'
  const refused = `latchkey_request_duration_seconds_count${route}`
  expect((await fetch(`${server.url}/api/v1/deployments`)).status).toBe(401)
  await server.createKey(id, { access: { mode: 'full' } })
  const after = await page()
  expect(valueOf(after, refused) - valueOf(before, refused)).toBe(1)
  for (const kind of ['read', 'write']) {
    const asked = `latchkey_store_query_duration_seconds_count{kind="${kind}",result="done"}`
    expect(valueOf(after, asked)).toBeGreaterThan(valueOf(before, asked))
  }
  const aged = 'latchkey_background_duration_seconds_count{work="usage.age",result="done"}'
  expect(valueOf(after, aged)).toBe(1)
  expect(after).toContain('process_cpu_seconds_total')
  expect(after).toContain('nodejs_eventloop_lag_p99_seconds')
})

test('no label tells of keys, and made-up deployments don’t add to them', async () => {
  expect(await call('/made-up/api/v5/clients')).toBe(401)
  const seriesOf = (metrics: string) => metrics.match(/^latchkey_[^ ]+/gm)
  // The first run of each background job adds its series.
  await expect.poll(page, { timeout: 20_000 }).toContain('work="usage.write"')
  const before = seriesOf(await page())
  for (let count = 0; count < 20; count += 1) {
    await server.createKey(id, { access: { mode: 'full' } })
    expect(await call(`/made-up-${count}/api/v5/clients`)).toBe(401)
    expect(await call(`/${id}/api/v5/clients/made-up-${count}`)).toBe(403)
  }
  const metrics = await page()
  expect(seriesOf(metrics)).toEqual(before)
  for (const word of [key.appId, 'a note of its own', 'made-up', '127.0.0.1', 'admin']) {
    expect(metrics).not.toContain(word)
  }
})

test('a removed deployment is told of no more', async () => {
  const removed = await server.addEmqx(emqx.url, { plan: 'byoc', version: 'v5' })
  const { authorization } = await server.createKey(removed, { access: { mode: 'full' } })
  expect(await call(`/${removed}/api/v5/rules`, authorization)).toBe(502)
  expect(await page()).toContain(`deployment="${removed}"`)
  await server.api('DELETE', `/deployments/${removed}`)
  expect(await page()).not.toContain(removed)
})

test('they are for who is signed in and for tokens, whatever the role, and nobody else', async () => {
  const ask = async (headers: Record<string, string>) => {
    const answer = await fetch(`${server.url}/metrics`, { headers })
    const text = await answer.text()
    return [answer.status, text.includes('latchkey_')]
  }
  for (const role of roles) {
    expect(await ask((await server.signInAs(role)).headers)).toEqual([200, true])
    const authorization = `Bearer ${await server.createToken(role)}`
    expect(await ask({ authorization })).toEqual([200, true])
  }
  for (const headers of [
    {},
    { authorization: key.authorization },
    { authorization: basicAuthorization('admin', 'wrong') },
    { authorization: 'Bearer none' },
    { cookie: 'latchkey-session=none' },
  ]) {
    expect(await ask(headers)).toEqual([401, false])
  }
})
