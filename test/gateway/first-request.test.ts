import { Pool } from 'undici'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { answerJson, startFakeEmqx, type FakeEmqx } from '../../src/backends/emqx/fake-emqx.ts'
import { basicAuthorization } from '../../src/contract/keys/credentials.ts'
import { createdApiKeySchema } from '../../src/contract/keys/schemas.ts'
import { startTestServer, type TestServer } from '../harness/test-server.ts'

const CALLERS = 16
const CALLS_AFTER = 100
const HOUR = 3_600_000

let emqx: FakeEmqx
let server: TestServer
let id: string
let ahead = 0

beforeAll(async () => {
  emqx = await startFakeEmqx((_, response) => answerJson(response, [{ node_status: 'running' }]))
  const environment = { LOG_LEVEL: 'error' }
  server = await startTestServer({ environment, now: () => new Date(Date.now() + ahead) })
  id = await server.addEmqx(emqx.url, { plan: 'dedicated', version: 'v5' })
})
afterAll(async () => {
  await server.stop()
  await emqx.close()
})

/** What is done to a key by its path. */
type Change = (path: string) => Promise<void>

const patch = (json: unknown, version = 1) => ask('PATCH', '', json, version)

function ask(method: string, below: string, json: unknown, version: number): Change {
  return async (path) => {
    const answer = await server.api(method, `${path}${below}`, json, {
      'if-match': `"${version}"`,
    })
    expect(answer.ok).toBe(true)
  }
}

const inAnHour = () => new Date(Date.now() + ahead + HOUR).toISOString()
const rotate = (keepOldSecretFor: number) => ask('POST', '/rotate', { keepOldSecretFor }, 1)
const letAnHourPass: Change = async () => {
  ahead += HOUR
}

const none: Change = async () => {}
const changes: { name: string; prepare: Change; change: Change; status: number }[] = [
  { name: 'disabling', prepare: none, change: patch({ disabled: true }), status: 401 },
  { name: 'deleting', prepare: none, change: ask('DELETE', '', undefined, 1), status: 401 },
  {
    name: 'the expiry',
    prepare: (path) => patch({ expiresAt: inAnHour() })(path),
    change: letAnHourPass,
    status: 401,
  },
  { name: 'rotating at once', prepare: none, change: rotate(0), status: 401 },
  { name: 'the end of the grace', prepare: rotate(3600), change: letAnHourPass, status: 401 },
  {
    name: 'ending the old secret',
    prepare: rotate(3600),
    change: ask('DELETE', '/old-secret', undefined, 2),
    status: 401,
  },
  {
    name: 'rotating again',
    prepare: rotate(86_400),
    change: ask('POST', '/rotate', { keepOldSecretFor: 86_400 }, 2),
    status: 401,
  },
  {
    name: 'narrowing the access',
    prepare: none,
    change: patch({ access: { mode: 'list', operations: ['GET /rules'] } }),
    status: 403,
  },
  {
    name: 'an address list without the caller',
    prepare: none,
    change: patch({ allowedAddresses: ['192.0.2.0/24'] }),
    status: 403,
  },
]

test.each(changes)('$name holds from its first request on, under load', async (one) => {
  const key = await server.createKey(id, { access: { mode: 'full' } })
  const path = `/deployments/${id}/api-keys/${key.appId}`
  await one.prepare(path)
  const pool = new Pool(server.url, { connections: CALLERS })
  const statuses: Record<'before' | 'after', number[]> = { before: [], after: [] }
  const now: { phase: 'before' | 'after' } = { phase: 'before' }
  const callOn = async () => {
    while (statuses.after.length < CALLS_AFTER) {
      const { phase } = now
      const { statusCode, body } = await pool.request({
        method: 'GET',
        path: `/${id}/api/v5/clients`,
        headers: { authorization: key.authorization },
      })
      await body.dump()
      statuses[phase].push(statusCode)
      // Failures beyond the free ones are answered late; none of them is let in.
      if (statusCode === 429) return
    }
  }
  const calling = Promise.all(Array.from({ length: CALLERS }, callOn))
  await expect.poll(() => statuses.before.length).toBeGreaterThan(CALLERS)
  await one.change(path)
  now.phase = 'after'
  await calling
  await pool.close()
  expect(statuses.before).toContain(200)
  expect(statuses.after.length).toBeGreaterThan(CALLERS / 2)
  // One failure too many is rate-limited.
  const refused = one.status === 401 ? [401, 429] : [one.status]
  expect(statuses.after.filter((status) => !refused.includes(status))).toEqual([])
})

test('a rotated key lets both secrets in at once, and says which one is used', async () => {
  const key = await server.createKey(id, { access: { mode: 'full' } })
  const path = `/deployments/${id}/api-keys/${key.appId}`
  const rotated = await server.api(
    'POST',
    `${path}/rotate`,
    { keepOldSecretFor: 3600 },
    {
      'if-match': '"1"',
    },
  )
  const { appSecret } = createdApiKeySchema.parse(await rotated.json())
  expect(appSecret).not.toBe(key.appSecret)
  const call = async (authorization: string) => {
    const headers = { authorization }
    return (await fetch(`${server.url}/${id}/api/v5/clients`, { headers })).status
  }
  expect(await call(basicAuthorization(key.appId, appSecret))).toBe(200)
  expect(await call(key.authorization)).toBe(200)
})

test('GET /self knows a key by the same checks as the gateway', async () => {
  const key = await server.createKey(id, { access: { mode: 'full' } })
  const path = `/deployments/${id}/api-keys/${key.appId}`
  const self = async (authorization = key.authorization) => {
    const headers = authorization === '' ? undefined : { authorization }
    const answer = await fetch(`${server.url}/api/v1/self`, { ...(headers && { headers }) })
    const body: unknown = await answer.json()
    return { status: answer.status, challenge: answer.headers.get('www-authenticate'), body }
  }
  const body = { appId: key.appId, access: { mode: 'full' }, expiresAt: null, status: 'active' }
  expect(await self()).toEqual({ status: 200, challenge: null, body })

  const nobody = await self('')
  expect(nobody).toMatchObject({ status: 401, challenge: expect.stringMatching(/^Basic /) })
  const wrong = basicAuthorization(key.appId, `${key.appSecret}x`)
  expect(await self(wrong)).toEqual(nobody)
  await patch({ allowedAddresses: ['192.0.2.0/24'] })(path)
  expect(await self()).toMatchObject({ status: 403, challenge: null })
  await patch({ allowedAddresses: [], disabled: true }, 2)(path)
  expect(await self()).toEqual(nobody)
  const statuses = new Set<number>()
  for (let count = 0; count < 10; count += 1) statuses.add((await self()).status)
  expect(statuses).toEqual(new Set([401, 429]))
})
