import { randomBytes } from 'node:crypto'
import { request } from 'node:http'
import { connect } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { answerJson, startFakeEmqx, type FakeEmqx } from '../../src/backends/emqx/fake-emqx.ts'
import { basicAuthorization, newAppId, newAppSecret } from '../../src/contract/keys/credentials.ts'
import { KEY_POLICY } from '../../src/throttle/policy.ts'
import { sendRaw, startTestServer, type TestKey, type TestServer } from '../harness/test-server.ts'

const ATTEMPTS = 10_000
const CONNECTIONS = 20

let emqx: FakeEmqx
let server: TestServer
let id: string

beforeAll(async () => {
  emqx = await startFakeEmqx((_, response) => answerJson(response, [{ node_status: 'running' }]))
  // At `debug`, ten thousand lines would be what takes the time.
  server = await startTestServer({ environment: { LOG_LEVEL: 'info' } })
  id = await server.addEmqx(emqx.url, { plan: 'dedicated', version: 'v5' })
})
afterAll(async () => {
  await server.stop()
  await emqx.close()
})

const random = (length: number) => new Uint8Array(randomBytes(length))
const wrongSecret = () => newAppSecret(random)
const newKey = (more = {}): Promise<TestKey> =>
  server.createKey(id, { access: { mode: 'full' }, ...more })

function head(authorization: string, last = ''): string {
  return `GET /${id}/api/v5/clients HTTP/1.1\r\nhost: localhost\r\nauthorization: ${authorization}\r\n${last}\r\n`
}

/** The whole answer as it is on the wire, but for what differs from request to request. */
async function answerTo(authorization: string): Promise<string> {
  const answer = await sendRaw(server.port, head(authorization, 'connection: close\r\n'))
  return answer.replace(/^(?:date|x-request-id): .*\r\n/gim, '')
}

/** Sends so many wrong secrets over one connection, pipelined; gives each answer's status. */
function tryWrong(appId: string, count: number, localAddress: string): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port: server.port, host: '127.0.0.1', localAddress })
    let answers = ''
    socket.setEncoding('latin1')
    socket.on('error', reject)
    socket.on('data', (piece) => (answers += String(piece)))
    socket.on('end', () => {
      resolve([...answers.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => status ?? ''))
    })
    const heads = Array.from({ length: count }, (_, at) =>
      head(
        basicAuthorization(appId, wrongSecret()),
        at === count - 1 ? 'connection: close\r\n' : '',
      ),
    )
    socket.write(heads.join(''))
  })
}

function statusFrom(localAddress: string, authorization: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const path = `/${id}/api/v5/clients`
    const call = request(`http://127.0.0.1:${server.port}${path}`, {
      localAddress,
      headers: { authorization },
    })
    call.on('response', (response) => {
      response.resume().on('end', () => resolve(response.statusCode))
    })
    call.on('error', reject).end()
  })
}

test('unknown App ID, wrong secret, disabled and expired are the same answer to the byte', async () => {
  const active = await newKey()
  const disabled = await newKey()
  const path = `/deployments/${id}/api-keys/${disabled.appId}`
  const changed = await server.api('PATCH', path, { disabled: true }, { 'if-match': '"1"' })
  expect(changed.status).toBe(200)
  const expired = await newKey({ expiresAt: new Date(Date.now() + 200).toISOString() })
  await expect
    .poll(() => answerTo(expired.authorization), { timeout: 10_000 })
    .toMatch(/^HTTP\/1\.1 401 /)

  const wrong = await answerTo(basicAuthorization(active.appId, wrongSecret()))
  expect(wrong).toMatch(/^HTTP\/1\.1 401 Unauthorized\r\n/)
  expect(wrong).toContain('BAD_API_KEY_OR_SECRET')
  expect(await answerTo(basicAuthorization(newAppId(random), wrongSecret()))).toBe(wrong)
  expect(await answerTo(disabled.authorization)).toBe(wrong)
  expect(await answerTo(expired.authorization)).toBe(wrong)
  expect(await answerTo(active.authorization)).toMatch(/^HTTP\/1\.1 200 /)
})

test('ten thousand wrong secrets let nobody in and keep no good client out', async () => {
  const key = await newKey()
  const attempts = Promise.all(
    Array.from({ length: CONNECTIONS }, () =>
      tryWrong(key.appId, ATTEMPTS / CONNECTIONS, '127.0.0.3'),
    ),
  )
  const attack = { isOver: false }
  void attempts.finally(() => (attack.isOver = true))
  const good = { elsewhere: new Set<number | undefined>(), beside: new Set<number | undefined>() }
  while (!attack.isOver) {
    good.elsewhere.add(await statusFrom('127.0.0.2', key.authorization))
    good.beside.add(await statusFrom('127.0.0.3', key.authorization))
  }
  const statuses = (await attempts).flat()
  expect(statuses).toHaveLength(ATTEMPTS)
  const asked = statuses.filter((status) => status === '401').length
  expect(statuses.filter((status) => status === '429')).toHaveLength(ATTEMPTS - asked)
  // The free ones, and one more at the end of each delay that passed meanwhile.
  expect(asked).toBeGreaterThanOrEqual(KEY_POLICY.identity.free)
  expect(asked).toBeLessThan(2 * KEY_POLICY.identity.free)
  expect(good).toEqual({ elsewhere: new Set([200]), beside: new Set([200]) })

  const elsewhere = await answerTo(basicAuthorization(key.appId, wrongSecret()))
  expect(elsewhere).toMatch(/^HTTP\/1\.1 401 /)
})

test('a rate-limited caller is answered after a good client that called later', async () => {
  const key = await newKey()
  await tryWrong(key.appId, KEY_POLICY.identity.free, '127.0.0.4')
  const answered: string[] = []
  const attempts = tryWrong(key.appId, 1, '127.0.0.4').then((statuses) =>
    answered.push(...statuses),
  )
  // Three calls, each sent when the last one is answered: the wrong secret has arrived by then.
  for (let at = 0; at < 3; at += 1) {
    answered.push(String(await statusFrom('127.0.0.4', key.authorization)))
  }
  await attempts
  expect(answered).toEqual(['200', '200', '200', '429'])
})

test('headers that claim another address change nothing', async () => {
  const key = await newKey()
  const statuses: string[] = []
  for (let at = 0; at < KEY_POLICY.identity.free + 1; at += 1) {
    const forwarded = `x-forwarded-for: 10.0.0.${at}\r\nforwarded: for=10.0.0.${at}\r\nx-real-ip: 10.0.0.${at}\r\nconnection: close\r\n`
    const authorization = basicAuthorization(key.appId, wrongSecret())
    statuses.push((await sendRaw(server.port, head(authorization, forwarded))).slice(9, 12))
  }
  expect(statuses.at(-1)).toBe('429')
})
