import { Pool } from 'undici'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { answerJson, startFakeEmqx, type FakeEmqx } from '../../src/backends/emqx/fake-emqx.ts'
import { catalogOf } from '../../src/contract/catalog/catalog.ts'
import type { Operation } from '../../src/contract/catalog/operation.ts'
import { planRules, type Edition } from '../../src/contract/deployments/plans.ts'
import { startTestServer, type TestKey, type TestServer } from '../harness/test-server.ts'

let emqx: FakeEmqx
let server: TestServer
let pool: Pool

beforeAll(async () => {
  emqx = await startFakeEmqx((request, response) => {
    request.resume()
    const nodes = [{ node_status: 'running' }]
    answerJson(response, request.url?.startsWith('/api/v4') ? { code: 0, data: nodes } : nodes)
  })
  server = await startTestServer({ environment: { LOG_LEVEL: 'warn' } })
  pool = new Pool(server.url, { connections: 8 })
})
afterAll(async () => {
  await pool.close()
  await server.stop()
  await emqx.close()
})

const pathOf = ({ path }: Operation) => path.replaceAll(/\{\w+\}/g, 'some')

/** Calls an operation as this key and gives the status, and the permission a 403 names. */
async function call(id: string, edition: Edition, operation: Operation, key: TestKey) {
  const { statusCode, body } = await pool.request({
    method: operation.method,
    path: `/${id}${planRules(edition).apiBasePath}${pathOf(operation)}`,
    headers: { authorization: key.authorization },
  })
  const text = await body.text()
  return statusCode === 403 ? `403 ${String(JSON.parse(text).required)}` : String(statusCode)
}

test.each([
  { plan: 'dedicated', version: 'v5', count: 77, base: '/api/v5' },
  { plan: 'dedicated', version: 'v4', count: 55, base: '/api/v4' },
] as const)(
  'a key for one of the $count operations of $plan $version reaches that one alone, for each of them',
  async ({ count, base, ...edition }) => {
    const id = await server.addEmqx(emqx.url, edition)
    const { operations } = catalogOf(edition)
    expect(operations).toHaveLength(count)
    for (const granted of operations) {
      const access = { mode: 'list', operations: [granted.id] }
      const key = await server.createKey(id, { access })
      emqx.requests.splice(0)
      const answers = await Promise.all(operations.map((one) => call(id, edition, one, key)))
      expect(answers).toEqual(operations.map((one) => (one === granted ? '200' : `403 ${one.id}`)))
      expect(emqx.requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
        `${granted.method} ${base}${pathOf(granted)}`,
      ])
    }
  },
  120_000,
)

test('a Serverless key reaches all 11 operations, and nothing else of v5', async () => {
  const edition = { plan: 'serverless', version: 'v5' } as const
  const id = await server.addEmqx(emqx.url, edition)
  const key = await server.createKey(id, {})
  const { operations, byId } = catalogOf(edition)
  emqx.requests.splice(0)
  const reached = await Promise.all(operations.map((one) => call(id, edition, one, key)))
  expect(reached).toEqual(Array.from({ length: 11 }, () => '200'))
  expect(emqx.requests).toHaveLength(11)
  const others = catalogOf({ plan: 'dedicated', version: 'v5' }).operations.filter(
    (one) => !byId.has(one.id),
  )
  const refused = await Promise.all(others.map((one) => call(id, edition, one, key)))
  expect(new Set(refused)).toEqual(new Set(['404']))
  expect(emqx.requests).toHaveLength(11)
})

test('a deleted key is refused from the next call on, a narrowed one as well', async () => {
  const edition = { plan: 'byoc', version: 'v5' } as const
  const id = await server.addEmqx(emqx.url, edition)
  const [first, second] = catalogOf(edition).operations
  if (!first || !second) throw new Error('the catalog is empty')
  const key = await server.createKey(id, {
    access: { mode: 'list', operations: [first.id, second.id] },
  })
  expect(await call(id, edition, second, key)).toBe('200')
  const path = `/deployments/${id}/api-keys/${key.appId}`
  const access = { mode: 'list', operations: [first.id] }
  await server.api('PATCH', path, { access }, { 'if-match': '"1"' })
  expect(await call(id, edition, second, key)).toBe(`403 ${second.id}`)
  expect(await call(id, edition, first, key)).toBe('200')
  await server.api('DELETE', path)
  expect(await call(id, edition, first, key)).toBe('401')
})
