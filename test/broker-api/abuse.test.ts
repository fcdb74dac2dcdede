import { request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'
import { editions, nextMessage, TestDeployment, until } from '../harness/test-deployment.ts'

let deployment: TestDeployment

beforeEach(async () => {
  deployment = await TestDeployment.open(editions.dedicated)
})

afterEach(async () => {
  // Whatever a test did, others are still served, and nothing went wrong inside.
  const client = await deployment.connect()
  const message = nextMessage(client)
  await client.subscribeAsync('still/here')
  await deployment.call('POST /publish', { json: { topic: 'still/here', payload: 'yes' } })
  await message
  await deployment.close()
})

function openSocket(): Socket {
  return connect(deployment.portOf('mqtt'), '127.0.0.1').on('error', () => undefined)
}

async function untilClosed(socket: Socket): Promise<void> {
  socket.resume()
  await new Promise<void>((resolve) => socket.once('close', () => resolve()))
}

function packet(first: number, body: Uint8Array): Buffer {
  const length: number[] = []
  for (let left = body.length; left > 0 || length.length === 0; left >>= 7) {
    length.push((left & 0x7f) | (left > 0x7f ? 0x80 : 0))
  }
  return Buffer.concat([Buffer.from([first, ...length]), body])
}

function string(text: string): Buffer {
  const bytes = Buffer.from(text)
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 0xff]), bytes])
}

function connectAs(clientId: string, protocol = 'MQTT'): Buffer {
  // MQTT 3.1.1, a clean session, no keep-alive.
  const flags = Buffer.from([4, 2, 0, 0])
  return packet(0x10, Buffer.concat([string(protocol), flags, string(clientId)]))
}

function publishOf(topic: string, payload: Uint8Array = Buffer.from('x')): Buffer {
  return packet(0x30, Buffer.concat([string(topic), payload]))
}

function subscribeTo(topic: string): Buffer {
  return packet(0x82, Buffer.concat([Buffer.from([0, 1]), string(topic), Buffer.from([0])]))
}

const hello = connectAs('raw')
const ping = packet(0xc0, Buffer.of())
const goodbye = packet(0xe0, Buffer.of())

/** A socket whose client is connected. */
async function openClient(): Promise<Socket> {
  const socket = openSocket()
  socket.write(hello)
  await new Promise((resolve) => socket.once('data', resolve))
  return socket
}

it.each([
  ['noise', Buffer.from(Array.from({ length: 4096 }, (_, at) => (at * 7919) % 251))],
  ['an HTTP request', Buffer.from('GET / HTTP/1.1\r\nhost: x\r\n\r\n')],
  ['a packet before CONNECT', ping],
  ['a length that never ends', Buffer.from([0x10, 0xff, 0xff, 0xff, 0xff, 0xff])],
  ['a CONNECT of 200 MB', Buffer.from([0x10, 0x80, 0x80, 0x80, 0x60])],
  ['a CONNECT of another protocol', connectAs('raw', 'MQTS')],
])('closes a connection that starts with %s', async (_name, bytes) => {
  const socket = openSocket()
  socket.write(bytes)
  await untilClosed(socket)
})

it.each([
  ['a packet over 1 MiB', Buffer.from([0x30, 0x81, 0x80, 0x40])],
  ['a second CONNECT', hello],
  ['a topic with a wildcard', publishOf('a/#')],
  ['a topic of the broker itself', publishOf('$SYS/x/new/clients')],
  ['a topic of 200 levels', publishOf('a/'.repeat(200))],
  ['an empty topic', Buffer.from([0x30, 0x02, 0x00, 0x00])],
  ['a CONNACK', Buffer.from([0x20, 0x02, 0x00, 0x00])],
  ['reserved flags', Buffer.from([0x82 | 0x01, 0x02, 0x00, 0x00])],
])('closes the connection of a client that sends %s', async (_name, bytes) => {
  const socket = await openClient()
  expect(deployment.broker.client('raw')?.connected).toBe(true)
  socket.write(bytes)
  await untilClosed(socket)
  expect(deployment.broker.client('raw')).toBeUndefined()
})

it('takes a packet of just under 1 MiB, cut into pieces', async () => {
  const watcher = await deployment.connect()
  await watcher.subscribeAsync('big')
  const message = nextMessage(watcher)
  const socket = await openClient()
  const payload = Buffer.alloc(1024 * 1024 - 100, 'x')
  const bytes = publishOf('big', payload)
  for (let at = 0; at < bytes.length; at += 40_000) socket.write(bytes.subarray(at, at + 40_000))
  expect((await message).payload.equals(payload)).toBe(true)
  socket.destroy()
})

it('survives a flood of messages, and delivers every one of them', async () => {
  const count = 5000
  const watcher = await deployment.connect()
  await watcher.subscribeAsync('flood', { qos: 0 })
  const socket = await openClient()
  let received = 0
  const all = new Promise<void>((resolve) => {
    watcher.on('message', () => {
      received += 1
      if (received === count) resolve()
    })
  })
  socket.write(Buffer.concat(Array.from({ length: count }, () => publishOf('flood'))))
  await all
  expect(deployment.broker.counters()).toMatchObject({
    'messages.received': count,
    'messages.publish': count,
    'messages.sent': count,
  })
  socket.destroy()
})

it('loses nothing that a client sends right before it leaves', async () => {
  const count = 5000
  const watcher = await deployment.connect()
  await watcher.subscribeAsync('last')
  const socket = await openClient()
  const messages = Array.from({ length: count }, () => publishOf('last', Buffer.alloc(100)))
  socket.end(Buffer.concat([...messages, goodbye]))
  await until(() => deployment.received(watcher).length === count)
})

it('does not wait for ever for a CONNECT', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const socket = openSocket()
  const closed = untilClosed(socket)
  socket.write(Buffer.of(0x10))
  while (!socket.destroyed) {
    vi.advanceTimersByTime(1000)
    await new Promise((resolve) => setImmediate(resolve))
  }
  vi.useRealTimers()
  await closed
})

it('serves others while it looks for the retained messages of a thousand filters', async () => {
  const tail = '/x'.repeat(89)
  const retained = Array.from({ length: 100 }, (_, at) => `${at}${tail}`)
  await deployment.call('POST /publish/bulk', {
    json: [...retained, 'last'].map((topic) => ({ topic, payload: 'x', retain: true })),
  })
  const evil = await deployment.connect()
  // Each goes through to the last level of each topic.
  const filters = Array.from({ length: 999 }, (_, at) => `${'+/'.repeat(89)}${at}`)
  await evil.subscribeAsync([...filters, 'last'])
  let served = 0
  for (; deployment.received(evil).length === 0; served += 1) {
    await deployment.call('GET /clients')
    await new Promise((resolve) => setImmediate(resolve))
  }
  expect(served).toBeGreaterThan(100)
})

it('ends a WebSocket that sends text, and one without the subprotocol', async () => {
  const address = `ws://127.0.0.1:${deployment.portOf('ws')}/test/mqtt`
  const text = new WebSocket(address, 'mqtt')
  text.on('error', () => undefined)
  text.once('open', () => text.send('hello'))
  await new Promise((resolve) => text.once('close', resolve))

  const status = await new Promise((resolve) => {
    const upgrade = request(address.replace('ws:', 'http:'), {
      headers: {
        connection: 'upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
      },
    })
    upgrade.once('response', (response) => resolve(response.statusCode))
    upgrade.once('upgrade', () => resolve('upgraded'))
    upgrade.end()
  })
  expect(status).toBe(400)
})

it('cuts off a client that takes no data, so that others are served again', async () => {
  const lazy = await openClient()
  lazy.write(subscribeTo('much'))
  await until(() => deployment.broker.client('raw')?.subscriptionCount === 1)
  lazy.pause()
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const json = { topic: 'much', payload: 'x'.repeat(500_000) }
  const calls = Array.from({ length: 20 }, () => deployment.call('POST /publish', { json }))
  const isOver = () => deployment.broker.client('raw') === undefined
  while (!isOver()) {
    vi.advanceTimersByTime(100)
    await new Promise((resolve) => setImmediate(resolve))
  }
  vi.useRealTimers()
  const answers = await Promise.all(calls)
  expect(answers.map(({ status }) => status)).toEqual(calls.map(() => 200))
  await untilClosed(lazy)
})
