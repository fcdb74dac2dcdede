import { statSync } from 'node:fs'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectAsync } from 'mqtt'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { answerJson, startFakeEmqx } from '../../src/backends/emqx/fake-emqx.ts'
import { deploymentListSchema } from '../../src/contract/deployments/schemas.ts'
import { sendRaw, startTestServer, type TestServer } from '../harness/test-server.ts'

let dataDir: string

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'latchkey-data-'))
})
afterEach(() => rmSync(dataDir, { recursive: true }))

async function idsOf(server: TestServer): Promise<string[]> {
  const listed = await server.api('GET', '/deployments')
  return deploymentListSchema.parse(await listed.json()).items.map(({ id }) => id)
}

async function occupy(port = 0): Promise<{ server: Server; port: number }> {
  const server = createServer()
  await new Promise<void>((resolve) => {
    server.listen(port, '127.0.0.1', resolve)
  })
  return { server, port: z.object({ port: z.number() }).parse(server.address()).port }
}

test('samples come with the first start alone; what is made stays', async () => {
  const first = await startTestServer({ dataDir, environment: { SAMPLES: 'on' } })
  const ids = await idsOf(first)
  expect(ids).toHaveLength(5)
  const key = await first.createKey('plant-telemetry', { access: { mode: 'full' } })
  await first.api('DELETE', `/deployments/${ids.find((id) => id !== 'plant-telemetry')}`)
  await first.stop()

  const second = await startTestServer({ dataDir, environment: { SAMPLES: 'on' } })
  expect(await idsOf(second)).toHaveLength(4)
  const called = await fetch(`${second.url}/plant-telemetry/api/v5/clients`, {
    headers: { authorization: key.authorization },
  })
  expect(called.status).toBe(200)
  await second.stop()
})

test('a first start without samples has none, and neither has the next', async () => {
  const first = await startTestServer({ dataDir, environment: { SAMPLES: 'off' } })
  expect(await idsOf(first)).toEqual([])
  await first.stop()
  const second = await startTestServer({ dataDir, environment: { SAMPLES: 'on' } })
  expect(await idsOf(second)).toEqual([])
  await second.stop()
})

test('what it keeps is for its own user’s eyes, and holds no secret', async () => {
  const emqx = await startFakeEmqx((_, response) =>
    answerJson(response, [{ node_status: 'running' }]),
  )
  const server = await startTestServer({ dataDir })
  const id = await server.addEmqx(emqx.url, { plan: 'dedicated', version: 'v5' })
  const key = await server.createKey(id, { note: 'kept-note', access: { mode: 'full' } })
  const call = (authorization: string) =>
    fetch(`${server.url}/${id}/api/v5/clients?token=query-s3cret`, { headers: { authorization } })
  expect((await call(key.authorization)).status).toBe(200)
  expect((await call(`${key.authorization}x`)).status).toBe(401)
  await emqx.close()
  expect((await call(key.authorization)).status).toBe(502)

  const modes = readdirSync(dataDir).map((name) => statSync(join(dataDir, name)).mode & 0o777)
  expect([statSync(dataDir).mode & 0o777, ...new Set(modes)]).toEqual([0o700, 0o600])
  const stored = readdirSync(dataDir)
    .map((name) => readFileSync(join(dataDir, name), 'latin1'))
    .join('')
  await server.stop()
  const kept = stored + readFileSync(join(dataDir, 'latchkey.db'), 'latin1')
  expect(kept).toContain('kept-note')
  expect(kept).toContain(key.appId)
  const logged = server.lines.join('')
  expect(logged).toContain('"path":"/v5/clients"')
  expect(logged).toContain(key.appId)
  expect(logged).toContain('the EMQX gave no answer: ECONNREFUSED')
  const encoded = [key.authorization, btoa('upstream:upstream-s3cret')]
  for (const secret of [key.appSecret, 'upstream-s3cret', 'query-s3cret', ...encoded]) {
    expect(kept.includes(secret)).toBe(false)
    expect(logged.includes(secret)).toBe(false)
  }
})

test('a store without its key is refused in one line', async () => {
  const first = await startTestServer({ dataDir })
  await first.stop()
  rmSync(join(dataDir, 'encryption.key'))
  await expect(startTestServer({ dataDir })).rejects.toThrow(
    /^ENCRYPTION_KEY_FILE \(.+encryption\.key"\) isn't there/,
  )
})

test('a port that is taken is named', async () => {
  const { server, port } = await occupy()
  const environment = { PORT: String(port) }
  await expect(startTestServer({ dataDir, environment })).rejects.toThrow(
    `PORT ${port} is taken on 127.0.0.1.`,
  )
  server.close()
})

test('an MQTT port that was chosen and is taken stops the start, one that was not moves', async () => {
  const { server, port } = await occupy()
  const environment = { SAMPLES: 'on', MQTT_PORT: String(port) }
  await expect(startTestServer({ dataDir, environment })).rejects.toThrow(
    /^The MQTT port \d+ for .+ is taken/,
  )
  server.close()

  const one = await startTestServer({ environment: { SAMPLES: 'on', MQTT_PORT: '' } })
  const two = await startTestServer({ environment: { SAMPLES: 'on', MQTT_PORT: '' } })
  const portsOf = async (running: TestServer) => {
    const listed = await running.api('GET', '/deployments')
    return deploymentListSchema
      .parse(await listed.json())
      .items.flatMap(({ connection }) => connection.listeners)
      .filter(({ protocol }) => protocol === 'mqtt')
      .map((listener) => listener.port)
  }
  const ports = [...(await portsOf(one)), ...(await portsOf(two))]
  expect(new Set(ports).size).toBe(10)
  await one.stop()
  await two.stop()
})

test('a deployment that is added to a taken MQTT port is refused, and not kept', async () => {
  const { server: occupied, port } = await occupy()
  const server = await startTestServer({ environment: { MQTT_PORT: String(port) } })
  const added = await server.api('POST', '/deployments', {
    name: 'x',
    plan: 'byoc',
    backend: { kind: 'embedded' },
  })
  expect(added.status).toBe(409)
  expect(await added.json()).toMatchObject({ detail: expect.stringContaining(`port ${port}`) })
  expect(await idsOf(server)).toEqual([])
  await server.stop()
  occupied.close()
})

test('stopping waits for the answers under way and takes nothing new', async () => {
  const asked = Promise.withResolvers<() => void>()
  const emqx = await startFakeEmqx((request, response) => {
    const nodes = [{ node_status: 'running' }]
    if (request.url === '/api/v5/clients') asked.resolve(() => answerJson(response, 'late'))
    else answerJson(response, nodes)
  })
  const server = await startTestServer()
  const id = await server.addEmqx(emqx.url, { plan: 'dedicated', version: 'v5' })
  const { authorization } = await server.createKey(id, { access: { mode: 'full' } })
  const call = fetch(`${server.url}/${id}/api/v5/clients`, { headers: { authorization } })
  const finish = await asked.promise
  const stopped = server.stop()
  await expect(sendRaw(server.port, '')).rejects.toThrow('ECONNREFUSED')
  finish()
  expect(await (await call).json()).toBe('late')
  await stopped
  await emqx.close()
})

test('a client that stays on a WebSocket does not hold up the stop', async () => {
  const server = await startTestServer({ dataDir, environment: { SAMPLES: 'on' } })
  const address = `${server.url.replace('http', 'ws')}/plant-telemetry/mqtt`
  const client = await connectAsync(address, { clientId: 'panel', reconnectPeriod: 0 })
  const left = new Promise((resolve) => {
    client.once('close', () => resolve('left'))
  })
  await server.stop()
  expect(await left).toBe('left')
})
