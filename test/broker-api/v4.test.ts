import { afterEach, beforeEach, expect, it } from 'vitest'
import {
  editions,
  nextMessage,
  rowsOf,
  TestDeployment,
  until,
  untilClosed,
} from '../harness/test-deployment.ts'

let deployment: TestDeployment

beforeEach(async () => {
  deployment = await TestDeployment.open(editions.v4)
})

afterEach(() => deployment.close())

it('lists clients by the names and times of v4', async () => {
  await deployment.connect({ clientId: 'pump-1', username: 'plant' })
  await deployment.connect({ clientId: 'pump-2' })
  const { status, json } = await deployment.call('GET /clients')
  expect(status).toBe(200)
  expect(json).toMatchObject({
    code: 0,
    meta: { page: 1, limit: 10_000, count: 2, hasnext: false },
    data: [
      {
        clientid: 'pump-1',
        username: 'plant',
        created_at: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/),
        recv_msg: 0,
      },
      { clientid: 'pump-2', username: null },
    ],
  })
  expect(Object.keys(rowsOf(json)[0] ?? {}).filter((name) => name.includes('.'))).toEqual([])

  const names = async (query: string) =>
    rowsOf((await deployment.call('GET /clients', { query })).json).map((row) => row['clientid'])
  expect(await names('?_like_clientid=p-2')).toEqual(['pump-2'])
  expect(await names('?_like_username=lan')).toEqual(['pump-1'])
  expect(await names('?_page=2&_limit=1')).toEqual(['pump-2'])
  expect(await names(`?_gte_created_at=${Math.floor(Date.now() / 1000) + 3600}`)).toEqual([])
})

it('shows and kicks one client', async () => {
  const client = await deployment.connect({ clientId: 'pump-1' })
  const parameters = { clientid: 'pump-1' }
  const one = await deployment.call('GET /clients/{clientid}', { parameters })
  expect(one.json).toMatchObject({ code: 0, data: [{ clientid: 'pump-1', connected: true }] })
  const closed = untilClosed(client)
  const kicked = await deployment.call('DELETE /clients/{clientid}', { parameters })
  expect(kicked).toMatchObject({ status: 200, json: { code: 0 } })
  await closed
  const gone = await deployment.call('GET /clients/{clientid}', { parameters })
  expect(gone).toMatchObject({ status: 200, json: { code: 0, data: [] } })
  const again = await deployment.call('DELETE /clients/{clientid}', { parameters })
  expect(again).toMatchObject({ status: 200, json: { code: 112, message: expect.any(String) } })
})

it('subscribes to several topics, publishes to several, unsubscribes', async () => {
  const client = await deployment.connect({ clientId: 'pump-1' })
  const subscribed = await deployment.call('POST /mqtt/subscribe', {
    json: { clientid: 'pump-1', topics: 'a,b/#', qos: 1 },
  })
  expect(subscribed).toMatchObject({ status: 200, json: { code: 0 } })
  const shown = await deployment.call('GET /subscriptions/{clientid}', {
    parameters: { clientid: 'pump-1' },
  })
  expect(shown.json).toEqual({
    code: 0,
    data: [
      { node: 'latchkey@test', clientid: 'pump-1', topic: 'a', qos: 1 },
      { node: 'latchkey@test', clientid: 'pump-1', topic: 'b/#', qos: 1 },
    ],
  })
  const published = await deployment.call('POST /mqtt/publish', {
    json: { clientid: 'api', topics: 'a,b/1', payload: 'AP8=', encoding: 'base64', qos: 1 },
  })
  expect(published.json).toEqual({ code: 0 })
  await until(() => deployment.received(client).length === 2)
  expect(deployment.received(client).map(({ topic, payload }) => [topic, [...payload]])).toEqual([
    ['a', [0, 255]],
    ['b/1', [0, 255]],
  ])
  const ended = await deployment.call('POST /mqtt/unsubscribe', {
    json: { clientid: 'pump-1', topic: 'a' },
  })
  expect(ended.json).toEqual({ code: 0 })
  const left = await deployment.call('GET /subscriptions', { query: '?_match_topic=%23&qos=1' })
  expect(left.json).toMatchObject({ code: 0, data: [{ topic: 'b/#' }], meta: { count: 1 } })
})

it('takes a topic with a comma as one topic', async () => {
  const client = await deployment.connect({ clientId: 'pump-1' })
  await deployment.call('POST /mqtt/subscribe', { json: { clientid: 'pump-1', topic: 'a,b' } })
  const message = nextMessage(client)
  const json = { clientid: 'api', topic: 'a,b', payload: 'x' }
  expect((await deployment.call('POST /mqtt/publish', { json })).json).toEqual({ code: 0 })
  expect((await message).topic).toBe('a,b')
})

it('does each item of a batch for itself', async () => {
  const client = await deployment.connect({ clientId: 'pump-1' })
  const subscribed = await deployment.call('POST /mqtt/subscribe_batch', {
    json: [
      { clientid: 'pump-1', topic: 'a', qos: 1 },
      { clientid: 'nobody', topic: 'a' },
      { clientid: 'pump-1', topic: 'a/#/b' },
      { clientid: 'pump-1', topics: 'b,c' },
      { topic: 'a' },
    ],
  })
  expect(subscribed).toMatchObject({
    status: 200,
    json: {
      code: 0,
      data: [
        { clientid: 'pump-1', topic: 'a', code: 0 },
        { clientid: 'nobody', topic: 'a', code: 112 },
        { clientid: 'pump-1', topic: 'a/#/b', code: 115 },
        { clientid: 'pump-1', topic: 'b,c', code: 0 },
        { topic: 'a', code: 107 },
      ],
    },
  })
  const published = await deployment.call('POST /mqtt/publish_batch', {
    json: [
      { clientid: 'api', topic: 'a', payload: 'one', qos: 2 },
      { clientid: 'api', topic: 'a/+', payload: 'no' },
      { clientid: 'api', topic: 'c', payload: 'two', encoding: 'base32' },
      { clientid: 'api', topic: 'b', payload: 'three' },
    ],
  })
  expect(published.json).toMatchObject({
    code: 0,
    data: [
      { topic: 'a', code: 0 },
      { topic: 'a/+', code: 115 },
      { topic: 'c', code: 108 },
      { topic: 'b', code: 0 },
    ],
  })
  await until(() => deployment.received(client).length === 2)
  expect(deployment.received(client).map(({ topic }) => topic)).toEqual(['a', 'b'])
  const ended = await deployment.call('POST /mqtt/unsubscribe_batch', {
    json: [
      { clientid: 'pump-1', topic: 'a' },
      { clientid: 'nobody', topic: 'a' },
    ],
  })
  expect(ended.json).toMatchObject({
    code: 0,
    data: [
      { clientid: 'pump-1', topic: 'a', code: 0 },
      { clientid: 'nobody', topic: 'a', code: 112 },
    ],
  })
  expect(Array.from(deployment.broker.subscriptions(), ({ topic }) => topic)).toEqual(['b', 'c'])
})

it('counts what really happened', async () => {
  const client = await deployment.connect({ clientId: 'pump-1' })
  await client.subscribeAsync('a', { qos: 1 })
  await client.publishAsync('a', 'one', { qos: 1 })
  const json = { clientid: 'api', topic: 'a', payload: 'two', retain: true }
  await deployment.call('POST /mqtt/publish', { json })
  await until(() => deployment.received(client).length === 2)
  await until(() => deployment.broker.counters()['packets.puback.received'] === 1)
  const metrics = await deployment.call('GET /metrics')
  expect(metrics.json).toMatchObject({
    code: 0,
    data: [
      {
        node: 'latchkey@test',
        metrics: {
          'client.connected': 1,
          'client.disconnected': 0,
          'session.created': 1,
          'messages.received': 1,
          'messages.qos1.received': 1,
          'messages.publish': 2,
          'messages.sent': 2,
          'messages.qos0.sent': 1,
          'messages.qos1.sent': 1,
          'messages.retained': 1,
          'packets.connect.received': 1,
          'packets.connack.sent': 1,
          'packets.subscribe.received': 1,
          'packets.suback.sent': 1,
          'packets.publish.received': 1,
          'packets.publish.sent': 2,
          'packets.puback.sent': 1,
          'packets.puback.received': 1,
          'packets.received': 4,
          'packets.sent': 5,
        },
      },
    ],
  })
})
