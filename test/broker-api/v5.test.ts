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
  deployment = await TestDeployment.open(editions.dedicated)
})

afterEach(() => deployment.close())

async function clientIds(query: string): Promise<unknown[]> {
  const { json } = await deployment.call('GET /clients', { query })
  return rowsOf(json).map((row) => row['clientid'])
}

it('pages through clients', async () => {
  for (const name of ['a', 'b', 'c', 'd', 'e']) await deployment.connect({ clientId: name })
  expect(await clientIds('?page=2&limit=2')).toEqual(['c', 'd'])
  const meta = async (query: string) => (await deployment.call('GET /clients', { query })).json
  expect(await meta('?page=2&limit=2')).toMatchObject({
    meta: { page: 2, limit: 2, count: 5, hasnext: true },
  })
  expect(await meta('?page=3&limit=2')).toMatchObject({ meta: { count: 5, hasnext: false } })
  expect(await meta('?page=9&limit=2')).toMatchObject({
    data: [],
    meta: { count: 5, hasnext: false },
  })
})

it('filters clients', async () => {
  await deployment.connect({ clientId: 'pump-1', username: 'plant' })
  const between = new Date()
  await until(() => Date.now() > between.getTime())
  await deployment.connect({
    clientId: 'pump-2',
    username: 'lab',
    protocolVersion: 3,
    protocolId: 'MQIsdp',
  })
  const meter = await deployment.connect({ clientId: 'meter-1', clean: false })
  await meter.subscribeAsync('a')
  await meter.endAsync()
  await until(() => deployment.broker.client('meter-1')?.connected === false)

  const after = encodeURIComponent(between.toISOString())
  const cases: [string, string[]][] = [
    ['?clientid=pump-1', ['pump-1']],
    ['?clientid=pump-1&clientid=meter-1', ['pump-1', 'meter-1']],
    ['?username=lab', ['pump-2']],
    ['?like_clientid=ump', ['pump-1', 'pump-2']],
    ['?like_clientid=ump&like_username=lan', ['pump-1']],
    ['?conn_state=connected', ['pump-1', 'pump-2']],
    ['?conn_state=disconnected', ['meter-1']],
    ['?conn_state=idle', []],
    ['?clean_start=false', ['meter-1']],
    ['?proto_ver=3', ['pump-2']],
    ['?proto_name=MQTT&proto_ver=4', ['pump-1', 'meter-1']],
    ['?proto_name=CoAP', []],
    ['?ip_address=127.0.0.1', ['pump-1', 'pump-2', 'meter-1']],
    ['?ip_address=10.0.0.1', []],
    ['?node=latchkey@test&clientid=pump-1', ['pump-1']],
    [`?lte_created_at=${after}`, ['pump-1']],
    [`?gte_created_at=${between.getTime() + 1}`, ['pump-2', 'meter-1']],
    [`?lte_connected_at=${between.getTime()}`, ['pump-1']],
    [`?gte_connected_at=${Date.now() + 60_000}`, []],
    ['?something=else', ['pump-1', 'pump-2', 'meter-1']],
  ]
  const answers: [string, unknown[]][] = []
  for (const [query] of cases) answers.push([query, await clientIds(query)])
  expect(answers).toEqual(cases)
})

it('shows subscriptions, of one client and of all', async () => {
  const one = await deployment.connect({ clientId: 'one' })
  const two = await deployment.connect({ clientId: 'two' })
  await one.subscribeAsync('plant/#', { qos: 1 })
  await one.subscribeAsync('plant/7/state', { qos: 0 })
  await two.subscribeAsync('lab/+', { qos: 2 })

  const ofOne = await deployment.call('GET /clients/{clientid}/subscriptions', {
    parameters: { clientid: 'one' },
  })
  const common = { node: 'latchkey@test', nl: 0, rap: 0, rh: 0 }
  expect(ofOne).toMatchObject({
    status: 200,
    json: [
      { ...common, clientid: 'one', topic: 'plant/#', qos: 1 },
      { ...common, clientid: 'one', topic: 'plant/7/state', qos: 0 },
    ],
  })

  const topics = async (query: string) =>
    rowsOf((await deployment.call('GET /subscriptions', { query })).json).map((row) => row['topic'])
  const cases: [string, string[]][] = [
    ['', ['plant/#', 'plant/7/state', 'lab/+']],
    ['?page=2&limit=1', ['plant/7/state']],
    ['?clientid=two', ['lab/+']],
    ['?qos=2', ['lab/+']],
    ['?topic=plant/%23', ['plant/#']],
    ['?match_topic=plant/%2B/state', ['plant/7/state']],
    ['?match_topic=plant/%23', ['plant/#', 'plant/7/state']],
    ['?share_group=g', []],
    ['?durable=true', []],
    ['?durable=false&clientid=two', ['lab/+']],
  ]
  const answers: [string, unknown[]][] = []
  for (const [query] of cases) answers.push([query, await topics(query)])
  expect(answers).toEqual(cases)
})

it('subscribes and unsubscribes in bulk', async () => {
  const client = await deployment.connect({ clientId: 'one' })
  const parameters = { clientid: 'one' }
  const made = await deployment.call('POST /clients/{clientid}/subscribe/bulk', {
    parameters,
    json: [{ topic: 'a', qos: 1 }, { topic: 'b/#' }, { topic: 'own', nl: 1, rap: 1 }],
  })
  expect(made).toMatchObject({
    status: 200,
    json: [
      { clientid: 'one', topic: 'a', qos: 1, nl: 0 },
      { clientid: 'one', topic: 'b/#', qos: 0, nl: 0 },
      { clientid: 'one', topic: 'own', qos: 0, nl: 1, rap: 1, rh: 0 },
    ],
  })
  // No Local holds: of these two, the client gets the second alone.
  const message = nextMessage(client)
  await client.publishAsync('own', 'mine', { qos: 1 })
  await client.publishAsync('a', 'mine', { qos: 1 })
  expect((await message).topic).toBe('a')

  const ended = await deployment.call('POST /clients/{clientid}/unsubscribe/bulk', {
    parameters,
    json: [{ topic: 'a' }, { topic: 'never/subscribed' }, { topic: 'own' }],
  })
  expect(ended).toMatchObject({ status: 204, json: null })
  expect(Array.from(deployment.broker.subscriptions(), ({ topic }) => topic)).toEqual(['b/#'])
  const none = await deployment.call('POST /publish', { json: { topic: 'a', payload: '' } })
  expect(none.status).toBe(202)
})

it('changes the QoS of a subscription', async () => {
  const client = await deployment.connect({ clientId: 'one' })
  await client.subscribeAsync('a', { qos: 0 })
  await deployment.call('POST /clients/{clientid}/subscribe', {
    parameters: { clientid: 'one' },
    json: { topic: 'a', qos: 1 },
  })
  expect(deployment.broker.client('one')?.subscriptionCount).toBe(1)
  const message = nextMessage(client)
  await deployment.call('POST /publish', { json: { topic: 'a', payload: 'x', qos: 1 } })
  expect((await message).packet.qos).toBe(1)
})

it('kicks in bulk, and those who are not there do no harm', async () => {
  const [one, two] = [
    await deployment.connect({ clientId: 'one' }),
    await deployment.connect({ clientId: 'two' }),
  ]
  await deployment.connect({ clientId: 'three' })
  const closed = Promise.all([untilClosed(one), untilClosed(two)])
  const answer = await deployment.call('POST /clients/kickout/bulk', {
    json: ['one', 'nobody', 'two'],
  })
  expect(answer).toMatchObject({ status: 204, json: null })
  await closed
  expect(await clientIds('')).toEqual(['three'])
})

it('publishes in bulk, and says for each message whether anyone subscribes', async () => {
  const client = await deployment.connect()
  await client.subscribeAsync('a')
  const both = await deployment.call('POST /publish/bulk', {
    json: [
      { topic: 'a', payload: 'one' },
      { topic: 'a', payload: 'dHdv', payload_encoding: 'base64' },
    ],
  })
  expect(both).toMatchObject({
    status: 200,
    json: [{ id: expect.any(String) }, { id: expect.any(String) }],
  })
  await until(() => deployment.received(client).length === 2)
  expect(deployment.received(client).map(({ payload }) => payload.toString())).toEqual([
    'one',
    'two',
  ])

  const one = await deployment.call('POST /publish/bulk', {
    json: [
      { topic: 'a', payload: 'x' },
      { topic: 'nobody', payload: 'x' },
    ],
  })
  expect(one).toMatchObject({
    status: 202,
    json: [{ id: expect.any(String) }, { message: 'no_matching_subscribers', reason_code: 16 }],
  })
})

it('stops a bulk when its caller goes away', async () => {
  const caller = new AbortController()
  const client = await deployment.connect()
  await client.subscribeAsync('a')
  client.once('message', () => caller.abort())
  const json = Array.from({ length: 5000 }, () => ({ topic: 'a', payload: 'x' }))
  const call = deployment.call('POST /publish/bulk', { json, signal: caller.signal })
  await expect(call).rejects.toThrow(/aborted/)
  expect(deployment.broker.counters()['messages.publish']).toBeLessThan(5000)
})

it('deletes a retained message by an empty one', async () => {
  const publish = (payload: string) =>
    deployment.call('POST /publish', { json: { topic: 'state', payload, retain: true } })
  await publish('on')
  await publish('')
  const client = await deployment.connect()
  await client.subscribeAsync('#')
  await deployment.call('POST /publish', { json: { topic: 'end', payload: 'x' } })
  await until(() => deployment.received(client).length > 0)
  expect(deployment.received(client).map(({ topic }) => topic)).toEqual(['end'])
})

it('answers HEAD like GET, without a body', async () => {
  await deployment.connect({ clientId: 'one' })
  const get = await deployment.call('GET /clients')
  const head = await deployment.call('GET /clients', { method: 'HEAD' })
  expect(head).toEqual({ ...get, json: null })
  expect(Number(get.headers['content-length'])).toBeGreaterThan(100)
})

it('finds a client whose id needs encoding', async () => {
  await deployment.connect({ clientId: 'a/b#ä' })
  const parameters = { clientid: 'a/b#ä' }
  expect(await deployment.call('GET /clients/{clientid}', { parameters })).toMatchObject({
    status: 200,
    json: { clientid: 'a/b#ä' },
  })
  expect(await clientIds(`?clientid=${encodeURIComponent('a/b#ä')}`)).toEqual(['a/b#ä'])
})

it('gives figures with their limits', async () => {
  const client = await deployment.connect()
  await client.subscribeAsync(['a', 'b'])
  expect(await deployment.backend.figures()).toMatchObject({
    sessions: { current: 1, limit: null },
    subscriptions: { current: 2, limit: null },
    messagesIn: { perSecond: expect.any(Number), series: expect.any(Array) },
    messagesOut: { perSecond: expect.any(Number), series: expect.any(Array) },
  })
})
