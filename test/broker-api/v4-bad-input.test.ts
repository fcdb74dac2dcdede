import { afterAll, beforeAll, expect, it } from 'vitest'
import { editions, TestDeployment, type CallOptions } from '../harness/test-deployment.ts'

let deployment: TestDeployment

beforeAll(async () => {
  deployment = await TestDeployment.open(editions.v4)
  await deployment.connect({ clientId: 'one' })
})

afterAll(() => deployment.close())

const text = (body: string): CallOptions => ({ chunks: [Buffer.from(body)] })
const json = (body: unknown): CallOptions => ({ json: body })

const message = { clientid: 'api', topic: 'a', payload: 'x' }
const faults: [id: string, name: string, options: CallOptions, code: number][] = [
  ['POST /mqtt/publish', 'no JSON', text('topic=a'), 109],
  ['POST /mqtt/publish', 'an array', json([]), 108],
  ['POST /mqtt/publish', 'no clientid', json({ topic: 'a', payload: 'x' }), 107],
  ['POST /mqtt/publish', 'no topic', json({ clientid: 'a', payload: 'x' }), 107],
  ['POST /mqtt/publish', 'no payload', json({ clientid: 'a', topic: 'a' }), 107],
  ['POST /mqtt/publish', 'a bad topic', json({ ...message, topic: 'a/#' }), 115],
  [
    'POST /mqtt/publish',
    'an empty one of topics',
    json({ ...message, topic: undefined, topics: 'a,,b' }),
    115,
  ],
  ['POST /mqtt/publish', 'QoS 7', json({ ...message, qos: 7 }), 108],
  ['POST /mqtt/publish', 'bad base64', json({ ...message, encoding: 'base64' }), 108],
  ['POST /mqtt/subscribe', 'nobody', json({ clientid: 'nobody', topic: 'a' }), 112],
  ['POST /mqtt/subscribe', 'a bad filter', json({ clientid: 'one', topic: 'a#' }), 115],
  ['POST /mqtt/subscribe', 'a shared one', json({ clientid: 'one', topic: '$queue/a' }), 115],
  ['POST /mqtt/subscribe', 'a number as client', json({ clientid: 7, topic: 'a' }), 108],
  ['POST /mqtt/unsubscribe', 'no topic', json({ clientid: 'one' }), 107],
  ['POST /mqtt/unsubscribe', 'nobody', json({ clientid: 'nobody', topic: 'a' }), 112],
  ['POST /mqtt/publish_batch', 'an object', json(message), 108],
  ['POST /mqtt/publish_batch', 'text in it', json(['a']), 108],
]

it.each(faults)('%s with %s', async (id, _name, options, code) => {
  const before = deployment.broker.counters()['messages.publish']
  expect(await deployment.call(id, options)).toMatchObject({
    status: 200,
    json: { code, message: expect.any(String) },
  })
  expect(deployment.broker.counters()['messages.publish']).toBe(before)
  expect([...deployment.broker.subscriptions()]).toEqual([])
})

it.each(['_page=0', '_limit=10001', 'qos=3', '_match_topic=a%23', 'topic=a&topic=b'])(
  'GET /subscriptions with %s',
  async (query) => {
    const answer = await deployment.call('GET /subscriptions', { query: `?${query}` })
    expect(answer).toMatchObject({ status: 200, json: { code: 108, message: expect.any(String) } })
  },
)

it.each(['_page=x', '_gte_created_at=yesterday', 'proto_ver=four', 'conn_state=on', 'zone=a'])(
  'GET /clients with %s',
  async (query) => {
    const answer = await deployment.call('GET /clients', { query: `?${query}` })
    expect(answer).toMatchObject({ status: 200, json: { code: 108, message: expect.any(String) } })
  },
)

it.each([
  ['POST /mqtt/publish_batch', 108],
  ['POST /mqtt/subscribe_batch', 108],
  ['POST /mqtt/unsubscribe_batch', 108],
])('%s with values of a depth that could not be repeated', async (id, code) => {
  const depth = 100_000
  const deep = `${'['.repeat(depth)}${']'.repeat(depth)}`
  const body = `[{"clientid":${deep},"topic":${deep},"payload":"x"},{"clientid":7,"topics":{}}]`
  const answer = await deployment.call(id, text(body))
  expect(answer).toEqual({
    status: 200,
    headers: expect.anything(),
    json: {
      code: 0,
      // Only what a name can be is repeated.
      data: [
        { code, message: expect.any(String) },
        { code, message: expect.any(String) },
      ],
    },
  })
})

it('POST /mqtt/publish with a body over 1 MiB', async () => {
  const answer = await deployment.call('POST /mqtt/publish', {
    json: { ...message, payload: 'x'.repeat(1024 * 1024) },
  })
  expect(answer).toMatchObject({ status: 413, json: { code: 413, message: expect.any(String) } })
})
