import { afterAll, beforeAll, expect, test } from 'vitest'
import { answerJson, startFakeEmqx } from '../../src/backends/emqx/fake-emqx.ts'
import { problemSchema } from '../../src/contract/http/schema-parts.ts'
import { basicAuthorization } from '../../src/contract/keys/credentials.ts'
import { usageSchema } from '../../src/contract/usage/schemas.ts'
import { CONNECTIONS_MAX } from '../../src/server/engines/postgres/postgres.ts'
import { connectionsTo, loseDatabase } from '../harness/postgres/database-loss.ts'
import { startCluster, type Cluster } from '../harness/postgres/postgres.ts'
import { ADMIN_PASSWORD, startTestServer, type TestServer } from '../harness/test-server.ts'

// The gateway's reads, the brokers' owner and background work have a few of their own.
const CONNECTIONS = CONNECTIONS_MAX + 4

let cluster: Cluster
let databaseUrl: string
let server: TestServer
let emqx: Awaited<ReturnType<typeof startFakeEmqx>>

beforeAll(async () => {
  cluster = await startCluster({ isDurable: true })
  databaseUrl = await cluster.newDatabase()
  emqx = await startFakeEmqx((_, response) => answerJson(response, [{ node_status: 'running' }]))
  server = await startTestServer({
    environment: { DATABASE_URL: databaseUrl, TRUSTED_PROXIES: '127.0.0.1' },
  })
})
afterAll(async () => {
  await server.stop()
  await emqx.close()
  await cluster.remove()
})

test('while the database is away everything says so at once, and comes back with it', async () => {
  const id = await server.addEmqx(emqx.url, { plan: 'dedicated', version: 'v5' })
  const { appId, authorization } = await server.createKey(id, { access: { mode: 'full' } })
  const session = await server.signIn()
  const call = (shown = authorization) =>
    fetch(`${server.url}/${id}/api/v5/clients`, { headers: { authorization: shown } })
  const readiness = async () => (await fetch(`${server.url}/readyz`)).status
  const many = async () => {
    const answers = await Promise.all(Array.from({ length: 300 }, () => call()))
    return new Set(answers.map(({ status }) => status))
  }
  expect(await many()).toEqual(new Set([200]))

  await cluster.stop('immediate')
  const refused = await call()
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1'])
  expect(await refused.json()).toMatchObject({ code: 'SERVICE_UNAVAILABLE' })
  expect(await many()).toEqual(new Set([503]))
  expect((await call(basicAuthorization(appId, 'wrong'))).status).toBe(503)
  expect(await readiness()).toBe(503)
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200)
  const path = `/deployments/${id}/api-keys`
  const asked = [
    server.api('GET', path),
    server.api('GET', path, undefined, session.headers),
    server.api('GET', '/session', undefined, session.headers),
    server.api('POST', path, { access: { mode: 'full' } }),
    server.api('POST', path, { access: { mode: 'full' } }, session.headers),
    server.api('DELETE', `${path}/${appId}`),
    server.api(
      'POST',
      '/session',
      { username: 'admin', password: ADMIN_PASSWORD },
      session.headers,
    ),
  ]
  for (const answer of await Promise.all(asked)) {
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5'])
    expect(problemSchema.parse(await answer.json()).detail).toContain("can't be reached")
  }

  await cluster.start()
  await expect.poll(readiness, { timeout: 20_000 }).toBe(200)
  await expect.poll(async () => (await call()).status, { timeout: 20_000 }).toBe(200)
  expect(await many()).toEqual(new Set([200]))
  expect((await call(basicAuthorization(appId, 'wrong'))).status).toBe(401)
  expect((await server.api('GET', path, undefined, session.headers)).status).toBe(200)
  await server.settle()
  const usage = await server.api('GET', `${path}/${appId}/usage?days=1`)
  // What was answered before and had not been written is not lost.
  const [{ allowed } = { allowed: 0 }] = usageSchema.parse(await usage.json()).operations
  expect(allowed).toBe(601)
  expect(server.lines.join('')).not.toContain('database-s3cret')
  expect(await connectionsTo(databaseUrl)).toBeLessThanOrEqual(CONNECTIONS)
}, 120_000)

test('a database that is lost under load lets nothing through, and loses no change', async () => {
  const { resumedAfter, ...figures } = await loseDatabase({
    cluster,
    databaseUrl,
    servers: [server.url],
    token: await server.token(),
    losses: 1,
    pause: 500,
  })
  expect(figures.faults).toEqual([])
  expect(resumedAfter).toHaveLength(1)
  expect(figures.connections).toBeLessThanOrEqual(CONNECTIONS)
  for (const count of [figures.allowed, figures.unavailable, figures.kept, figures.changes]) {
    expect(count).toBeGreaterThan(0)
  }
}, 120_000)

test('a server does not start without its database, and says so in one line', async () => {
  const url = new URL(databaseUrl)
  const start = (DATABASE_URL: string) => startTestServer({ environment: { DATABASE_URL } })
  const refused = "DATABASE_URL names a database that can't be used: "
  url.pathname = '/nowhere'
  await expect(start(url.href)).rejects.toThrow(`${refused}database "nowhere" does not exist.`)
  url.port = '1'
  const away = start(url.href)
  await expect(away).rejects.toThrow(refused)
  await expect(away).rejects.not.toThrow('s3cret')
})

test('a database that comes back as a replica, which may be behind, lets nobody in', async () => {
  const id = await server.addEmqx(emqx.url, { plan: 'dedicated', version: 'v5' })
  const { authorization } = await server.createKey(id, { access: { mode: 'full' } })
  const call = async () => {
    const answer = await fetch(`${server.url}/${id}/api/v5/clients`, { headers: { authorization } })
    return answer.status
  }
  expect(await call()).toBe(200)
  await cluster.startAsReplica()
  expect(await call()).toBe(503)
  expect((await fetch(`${server.url}/readyz`)).status).toBe(503)
  await expect(startTestServer({ environment: { DATABASE_URL: databaseUrl } })).rejects.toThrow(
    "DATABASE_URL names a database that can't be used: the database is a replica.",
  )
}, 60_000)
