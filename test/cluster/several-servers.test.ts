import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { answerJson, startFakeEmqx } from '../../src/backends/emqx/fake-emqx.ts'
import {
  deploymentListSchema,
  deploymentSchema,
  figuresSchema,
} from '../../src/contract/deployments/schemas.ts'
import { basicAuthorization } from '../../src/contract/keys/credentials.ts'
import { newSharedStore, startPair, type Pair } from '../harness/servers.ts'
import {
  sendRaw,
  startTestServer,
  websocketHeaders,
  type TestServer,
} from '../harness/test-server.ts'

const DEDICATED = { plan: 'dedicated', version: 'v5' } as const

let pair: Pair
let one: TestServer
let other: TestServer

beforeEach(async () => {
  pair = await startPair()
  ;({ one, other } = pair)
})
afterEach(() => pair.stop())

/** An EMQX that answers with its name. */
async function startEmqx(name: string) {
  return startFakeEmqx((request, response) =>
    answerJson(response, request.url === '/api/v5/clients' ? name : [{ node_status: 'running' }]),
  )
}

function call({ url }: TestServer, id: string, authorization: string): Promise<Response> {
  return fetch(`${url}/${id}/api/v5/clients`, { headers: { authorization } })
}

async function statusOf(server: TestServer, id: string): Promise<string> {
  const shown = await server.api('GET', `/deployments/${id}`)
  return deploymentSchema.parse(await shown.json()).status
}

describe('Of two servers on one PostgreSQL', () => {
  test('each answers for what the other added, and stops at once when it is gone', async () => {
    const [first, second] = [await startEmqx('first'), await startEmqx('second')]
    const id = await one.addEmqx(first.url, DEDICATED)
    const key = await one.createKey(id, { access: { mode: 'full' } })
    expect(await (await call(other, id, key.authorization)).json()).toBe('first')
    expect(await statusOf(other, id)).toBe('running')

    await other.api('DELETE', `/deployments/${id}`)
    expect((await call(one, id, key.authorization)).status).toBe(401)

    // Another of the same name gets the same id.
    expect(await other.addEmqx(second.url, DEDICATED)).toBe(id)
    const renewed = await other.createKey(id, { access: { mode: 'full' } })
    expect(await (await call(one, id, renewed.authorization)).json()).toBe('second')
    await first.close()
    await second.close()
  })

  test('a key that is narrowed, disabled, rotated or deleted on one is so on the other', async () => {
    const emqx = await startEmqx('emqx')
    const id = await one.addEmqx(emqx.url, DEDICATED)
    const key = await one.createKey(id, { access: { mode: 'full' } })
    const path = `/deployments/${id}/api-keys/${key.appId}`
    const change = (version: number, json: unknown) =>
      one.api('PATCH', path, json, { 'if-match': `"${version}"` })
    expect((await call(other, id, key.authorization)).status).toBe(200)
    await change(1, { access: { mode: 'list', operations: ['POST /publish'] } })
    expect((await call(other, id, key.authorization)).status).toBe(403)
    await change(2, { access: { mode: 'full' }, disabled: true })
    expect((await call(other, id, key.authorization)).status).toBe(401)
    await change(3, { disabled: false })
    expect((await call(other, id, key.authorization)).status).toBe(200)
    await one.api('POST', `${path}/rotate`, { keepOldSecretFor: 0 }, { 'if-match': '"4"' })
    expect((await call(other, id, key.authorization)).status).toBe(401)
    const another = await other.createKey(id, { access: { mode: 'full' } })
    expect((await call(one, id, another.authorization)).status).toBe(200)
    await other.api('DELETE', `/deployments/${id}/api-keys/${another.appId}`)
    expect((await call(one, id, another.authorization)).status).toBe(401)
    await emqx.close()
  })

  test('both tell how often a deployment was called by either, and when last', async () => {
    const emqx = await startEmqx('emqx')
    const id = await one.addEmqx(emqx.url, DEDICATED)
    const { authorization } = await one.createKey(id, { access: { mode: 'full' } })
    for (const server of [one, other, other]) await call(server, id, authorization)
    await call(other, id, basicAuthorization('k00000000000', 'guessed'))
    const told = async (server: TestServer) => {
      const figures = await server.api('GET', `/deployments/${id}/figures`)
      const { apiCalls } = figuresSchema.parse(await figures.json())
      const sum = apiCalls.series.reduce((all, count) => all + count, 0)
      return { ...apiCalls.perMinute, sum }
    }
    for (const server of [one, other]) {
      await expect
        .poll(() => told(server), { timeout: 15_000 })
        .toEqual({ allowed: 3, refused: 1, failed: 0, sum: 4 })
    }
    await one.settle()
    await other.settle()
    const shown = await Promise.all(
      [one, other].map(async (server) => {
        const answer = await server.api('GET', `/deployments/${id}`)
        return deploymentSchema.parse(await answer.json()).lastApiCallAt
      }),
    )
    expect(shown).toEqual([expect.any(String), shown[0]])
    await emqx.close()
  })

  test('a session of one is good on the other, and ends there as well', async () => {
    const session = await one.signInAs('operator')
    expect((await other.api('GET', '/deployments', undefined, session.headers)).status).toBe(200)
    await one.api('DELETE', '/session', undefined, session.headers)
    expect((await other.api('GET', '/deployments', undefined, session.headers)).status).toBe(401)
  })

  test('both rate-limit failed authentications as one, and let the right secret in at any time', async () => {
    const emqx = await startEmqx('emqx')
    const id = await one.addEmqx(emqx.url, DEDICATED)
    const key = await one.createKey(id, { access: { mode: 'full' } })
    const wrong = basicAuthorization(key.appId, 'guessed')
    const statuses: number[] = []
    for (let count = 0; count < 12; count += 1) {
      statuses.push((await call(count % 2 === 0 ? one : other, id, wrong)).status)
    }
    expect(statuses).toEqual([...Array(10).fill(401), 429, 429])
    for (const server of [one, other]) {
      expect((await call(server, id, key.authorization)).status).toBe(200)
    }
    await emqx.close()
  })

  test('one has the embedded brokers, the other says so, and takes over', async () => {
    const json = { name: 'Line 3', plan: 'dedicated', backend: { kind: 'embedded' } }
    const added = await other.api('POST', '/deployments', json)
    const { id } = deploymentSchema.parse(await added.json())
    const key = await other.createKey(id, { access: { mode: 'full' } })
    expect((await call(one, id, key.authorization)).status).toBe(200)
    expect(await statusOf(one, id)).toBe('running')
    expect(await statusOf(other, id)).toBe('elsewhere')
    const refused = await call(other, id, key.authorization)
    expect(refused.status).toBe(503)
    expect(refused.headers.get('retry-after')).toBe('5')
    expect(await refused.json()).toEqual({
      code: 'SERVICE_UNAVAILABLE',
      message: 'The embedded broker of this deployment runs on another server of this Latchkey.',
    })
    const head = [`GET /${id}/mqtt HTTP/1.1`, 'Host: localhost', ...websocketHeaders]
    const upgraded = await sendRaw(other.port, `${head.join('\r\n')}\r\n\r\n`)
    expect(upgraded).toMatch(/^HTTP\/1\.1 503 /)
    const catalogs = await Promise.all(
      [one, other].map(async (server) => {
        return (await server.api('GET', `/deployments/${id}/catalog`)).json()
      }),
    )
    expect(catalogs[0]).toEqual(catalogs[1])

    await one.stop()
    await expect
      .poll(async () => (await call(other, id, key.authorization)).status, { timeout: 15_000 })
      .toBe(200)
    pair.one = await startTestServer({ environment: pair.environment })
    expect((await call(pair.one, id, key.authorization)).status).toBe(503)
  })
})

describe('Servers that start at once on an empty PostgreSQL', () => {
  test('make the samples and the first administrator once', async () => {
    const shared = await newSharedStore({ SAMPLES: 'on', ADMIN_PASSWORD: '' })
    const { environment } = shared
    const servers = await Promise.all([1, 2, 3].map(() => startTestServer({ environment })))
    const passwords = servers.flatMap(({ printed }) => printed)
    expect(passwords).toHaveLength(1)
    const [, password] = /password (\S+) /.exec(passwords[0] ?? '') ?? []
    for (const server of servers) {
      const { headers } = await server.signIn('admin', password)
      const listed = await server.api('GET', '/deployments', undefined, headers)
      const { items } = deploymentListSchema.parse(await listed.json())
      expect(items).toHaveLength(5)
      const isRunning = items.every(({ status }) => status === 'running')
      const isElsewhere = items.every(({ status }) => status === 'elsewhere')
      expect(isRunning || isElsewhere).toBe(true)
    }
    for (const server of servers) await server.stop()
    shared.remove()
  })

  test('stop where their sealing key is another than the store was made with', async () => {
    const { environment } = pair
    const { DATABASE_URL = '' } = environment
    await expect(startTestServer({ environment: { DATABASE_URL } })).rejects.toThrow(
      /^ENCRYPTION_KEY_FILE \(.+\) isn't there.+copy it from the server that made the store\.$/,
    )
    const folder = mkdtempSync(join(tmpdir(), 'latchkey-key-'))
    const ENCRYPTION_KEY_FILE = join(folder, 'encryption.key')
    writeFileSync(ENCRYPTION_KEY_FILE, new Uint8Array(32))
    await expect(
      startTestServer({ environment: { DATABASE_URL, ENCRYPTION_KEY_FILE } }),
    ).rejects.toThrow(
      /^ENCRYPTION_KEY_FILE \(.+\) isn't the key that the store was made with\..+\.$/,
    )
    rmSync(folder, { recursive: true })
  })
})
