import { connect } from 'node:net'
import { afterEach, expect, it, vi } from 'vitest'
import {
  editions,
  nextMessage,
  TestDeployment,
  until,
  untilClosed,
} from '../harness/test-deployment.ts'

let deployment: TestDeployment

async function open(sessionLimit: number | null = null): Promise<void> {
  deployment = await TestDeployment.open(editions.dedicated, sessionLimit)
}

afterEach(async () => {
  vi.useRealTimers()
  await deployment.close()
})

const persistent = { clientId: 'meter-1', clean: false }
const parameters = { clientid: 'meter-1' }

async function untilWaiting(): Promise<void> {
  await until(() => deployment.broker.client('meter-1')?.connected === false)
}

it('lists a session that waits for its client, and keeps messages for it', async () => {
  await open()
  const first = await deployment.connect(persistent)
  await first.subscribeAsync('meter/#', { qos: 1 })
  await first.endAsync()
  await untilWaiting()
  expect((await deployment.call('GET /clients/{clientid}', { parameters })).json).toMatchObject({
    connected: false,
    disconnected_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    clean_start: false,
    expiry_interval: 7200,
    subscriptions_cnt: 1,
  })
  const publish = (payload: string) =>
    deployment.call('POST /publish', {
      json: { topic: 'meter/read', payload, qos: 2, retain: true },
    })
  expect((await publish('one')).status).toBe(200)
  expect((await publish('two')).status).toBe(200)

  const second = await deployment.connect(persistent)
  await until(() => deployment.received(second).length === 2)
  // As its subscription says: at most QoS 1, and not as retained ones.
  expect(deployment.received(second)).toMatchObject([
    { payload: Buffer.from('one'), packet: { qos: 1, retain: false } },
    { payload: Buffer.from('two'), packet: { qos: 1, retain: false } },
  ])
  expect(deployment.broker.counters()).toMatchObject({
    'session.created': 1,
    'session.resumed': 1,
    'client.connected': 2,
    'client.disconnected': 1,
  })
})

it('subscribes and unsubscribes a session that waits', async () => {
  await open()
  const first = await deployment.connect(persistent)
  await first.subscribeAsync('meter/#', { qos: 1 })
  await first.endAsync()
  await untilWaiting()
  const json = { topic: 'alarm', qos: 1 }
  const subscribed = await deployment.call('POST /clients/{clientid}/subscribe', {
    parameters,
    json,
  })
  expect(subscribed).toMatchObject({ status: 200, json: { clientid: 'meter-1', topic: 'alarm' } })
  const unsubscribed = await deployment.call('POST /clients/{clientid}/unsubscribe', {
    parameters,
    json: { topic: 'meter/#' },
  })
  expect(unsubscribed.status).toBe(204)

  const second = await deployment.connect(persistent)
  const message = nextMessage(second)
  await deployment.call('POST /publish', { json: { topic: 'meter/read', payload: 'no' } })
  await deployment.call('POST /publish', { json: { topic: 'alarm', payload: 'yes', qos: 1 } })
  expect((await message).payload.toString()).toBe('yes')
})

it('does not keep for a client what it published itself, where it asked for that', async () => {
  await open()
  const first = await deployment.connect(persistent)
  await deployment.call('POST /clients/{clientid}/subscribe', {
    parameters,
    json: { topic: 'meter/#', qos: 1, nl: 1 },
  })
  await first.publishAsync('meter/own', 'no', { qos: 1 })
  await first.endAsync()
  await untilWaiting()
  await deployment.call('POST /publish', { json: { topic: 'meter/a', payload: 'yes', qos: 1 } })
  const second = await deployment.connect(persistent)
  await until(() => deployment.received(second).length > 0)
  expect(deployment.received(second)).toMatchObject([{ payload: Buffer.from('yes') }])
})

it('ends connection and session of a client that is kicked', async () => {
  await open()
  const first = await deployment.connect(persistent)
  await first.subscribeAsync('meter/#', { qos: 1 })
  const closed = untilClosed(first)
  expect((await deployment.call('DELETE /clients/{clientid}', { parameters })).status).toBe(204)
  await closed
  expect((await deployment.call('GET /clients/{clientid}', { parameters })).status).toBe(404)
  const second = await deployment.connect(persistent)
  expect(deployment.broker.client('meter-1')?.subscriptionCount).toBe(0)
  await second.endAsync()
})

it('ends a session that its client does not come back to', async () => {
  await open()
  const client = await deployment.connect(persistent)
  await client.subscribeAsync('meter/#', { qos: 1 })
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const gone = new Promise((resolve) => client.stream.once('close', resolve))
  client.stream.destroy()
  await gone
  while (deployment.broker.client('meter-1')?.connected) {
    await new Promise((resolve) => setImmediate(resolve))
  }
  vi.advanceTimersByTime(7_199_000)
  expect(deployment.broker.client('meter-1')).toBeDefined()
  vi.advanceTimersByTime(1000)
  expect(deployment.broker.client('meter-1')).toBeUndefined()
  expect([...deployment.broker.subscriptions()]).toEqual([])
})

it('gives a client id to whoever connects last', async () => {
  await open()
  const first = await deployment.connect({ clientId: 'meter-1' })
  await first.subscribeAsync('a')
  const closed = untilClosed(first)
  const second = await deployment.connect({ clientId: 'meter-1' })
  await closed
  await second.subscribeAsync('b')
  expect(Array.from(deployment.broker.clients(), ({ clientId }) => clientId)).toEqual(['meter-1'])
  expect(Array.from(deployment.broker.subscriptions(), ({ topic }) => topic)).toEqual(['b'])
})

it('lets in no more clients than its session limit, but the same ones again', async () => {
  await open(2)
  await deployment.connect({ clientId: 'one' })
  const two = await deployment.connect({ clientId: 'two' })
  await expect(deployment.connect({ clientId: 'three' })).rejects.toThrow(/Server unavailable/)
  await deployment.connect({ clientId: 'one' })
  expect((await deployment.backend.figures()).sessions).toMatchObject({ current: 2, limit: 2 })
  await two.endAsync()
  await until(() => deployment.broker.client('two') === undefined)
  await deployment.connect({ clientId: 'three' })
})

it('holds its session limit against clients that connect all at once', async () => {
  await open(3)
  const attempts = Array.from({ length: 12 }, (_, at) =>
    deployment.connect({ clientId: `client-${at}` }),
  )
  const results = await Promise.allSettled(attempts)
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(3)
  expect([...deployment.broker.clients()]).toHaveLength(3)
})

it('refuses what it does not speak or serve', async () => {
  await open()
  await expect(deployment.connect({ protocolVersion: 5 })).rejects.toThrow(
    /Unacceptable protocol version/,
  )
  await expect(deployment.connect({ clientId: 'a\u0001b' })).rejects.toThrow(/Identifier rejected/)
  await expect(deployment.connect({ clientId: 'x'.repeat(257) })).rejects.toThrow(/Identifier/)
  const client = await deployment.connect({ clientId: 'meter-1' })
  const granted = await client.subscribeAsync(['ok', '$share/group/ok', '$SYS/#']).catch(() => [])
  expect(granted).toEqual([])
  expect(Array.from(deployment.broker.subscriptions(), ({ topic }) => topic)).toEqual(['ok'])
})

it('publishes a will when its client vanishes', async () => {
  await open()
  const watcher = await deployment.connect()
  await watcher.subscribeAsync('gone')
  const message = nextMessage(watcher)
  const client = await deployment.connect({
    clientId: 'meter-1',
    will: { topic: 'gone', payload: Buffer.from('meter-1'), qos: 0, retain: false },
  })
  client.stream.destroy()
  expect((await message).payload.toString()).toBe('meter-1')
})

it('says where it listens, and stops listening when it closes', async () => {
  await open()
  const port = deployment.portOf('mqtt')
  expect(deployment.backend.connection()).toEqual({
    host: '127.0.0.1',
    listeners: [
      { protocol: 'mqtt', port, enabled: true },
      { protocol: 'ws', port: deployment.portOf('ws'), path: '/test/mqtt', enabled: true },
    ],
  })
  expect(await deployment.backend.status()).toEqual({
    state: 'running',
    startedAt: expect.any(Date),
  })
  const client = await deployment.connect()
  const closed = untilClosed(client)
  await deployment.backend.close()
  await closed
  expect(await deployment.backend.status()).toEqual({ state: 'stopped', startedAt: null })
  await expect(deployment.call('GET /clients')).rejects.toThrow(/not running/)
  const refused = await new Promise<string>((resolve) => {
    connect(port, '127.0.0.1').once('error', (error: NodeJS.ErrnoException) =>
      resolve(error.code ?? ''),
    )
  })
  expect(refused).toBe('ECONNREFUSED')
})

it('does not start on a port that is taken', async () => {
  await open()
  const { startAedesBroker } = await import('../../src/server/broker/aedes-broker.ts')
  const start = startAedesBroker({
    host: '127.0.0.1',
    port: deployment.portOf('mqtt'),
    node: 'other',
    sessionLimit: null,
    webSocketListener: () => undefined,
    now: () => new Date(),
    onError: () => undefined,
  })
  await expect(start).rejects.toMatchObject({ code: 'EADDRINUSE' })
})
