import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { editions, TestDeployment, type CallOptions } from '../harness/test-deployment.ts'

let v5: TestDeployment
let serverless: TestDeployment

beforeAll(async () => {
  v5 = await TestDeployment.open(editions.dedicated)
  serverless = await TestDeployment.open(editions.serverless)
  for (const deployment of [v5, serverless]) await deployment.connect({ clientId: 'one' })
})

afterAll(async () => {
  for (const deployment of [v5, serverless]) await deployment.close()
})

const parameters = { clientid: 'one' }
const text = (body: string): CallOptions => ({ chunks: [Buffer.from(body)] })
const json = (body: unknown): CallOptions => ({ json: body })
const message = (changes: Record<string, unknown>): CallOptions =>
  json({ topic: 'a', payload: 'x', ...changes })
const without = (name: string): CallOptions => message({ [name]: undefined })
const MEGABYTE = 1024 * 1024

const publishFaults: [name: string, options: CallOptions, code: string, says: RegExp][] = [
  ['no body', {}, 'BAD_REQUEST', /not JSON/],
  ['a body that is not JSON', text('{"topic":'), 'BAD_REQUEST', /not JSON/],
  [
    'a body that is not UTF-8',
    { chunks: [Buffer.of(0x22, 0xff, 0x22)] },
    'BAD_REQUEST',
    /not JSON/,
  ],
  ['an array', json([]), 'BAD_REQUEST', /The body must be an object/],
  ['null', json(null), 'BAD_REQUEST', /The body must be an object/],
  ['no topic', without('topic'), 'BAD_REQUEST', /"topic" is missing/],
  ['a topic that is a number', message({ topic: 7 }), 'BAD_REQUEST', /"topic" must be a string/],
  ['an empty topic', message({ topic: '' }), 'BAD_REQUEST', /at least one character/],
  ['a topic with +', message({ topic: 'a/+' }), 'BAD_REQUEST', /wildcards/],
  ['a topic with #', message({ topic: '#' }), 'BAD_REQUEST', /wildcards/],
  ['a topic with NUL', message({ topic: 'a\u0000' }), 'BAD_REQUEST', /NUL/],
  ['half a character', text('{"topic":"\\ud800","payload":""}'), 'BAD_REQUEST', /whole Unicode/],
  [
    'a topic too long',
    message({ topic: 'a'.repeat(65_536) }),
    'BAD_REQUEST',
    /at most 65535 bytes/,
  ],
  ['too many levels', message({ topic: '/'.repeat(100) }), 'BAD_REQUEST', /at most 100 levels/],
  ['a topic of the broker', message({ topic: '$SYS/a/new/clients' }), 'BAD_REQUEST', /reserved/],
  ['no payload', without('payload'), 'BAD_REQUEST', /"payload" is missing/],
  ['an object as payload', message({ payload: {} }), 'BAD_REQUEST', /"payload" must be a string/],
  ['QoS 3', message({ qos: 3 }), 'BAD_REQUEST', /"qos" must be one of: 0, 1, 2/],
  ['QoS as text', message({ qos: '1' }), 'BAD_REQUEST', /"qos" must be one of/],
  ['retain as text', message({ retain: 'yes' }), 'BAD_REQUEST', /"retain" must be a boolean/],
  ['another encoding', message({ payload_encoding: 'hex' }), 'BAD_REQUEST', /plain, base64/],
  [
    'base64 that is none',
    message({ payload: '***', payload_encoding: 'base64' }),
    'BAD_REQUEST',
    /not base64/,
  ],
  [
    'base64 without padding',
    message({ payload: 'YQ', payload_encoding: 'base64' }),
    'BAD_REQUEST',
    /padding/,
  ],
  ['a mistyped member', message({ retian: true }), 'BAD_REQUEST', /Unknown member: retian/],
  ['properties of MQTT 5', message({ properties: { content_type: 'x' } }), 'BAD_REQUEST', /MQTT 3/],
  [
    'a body over 1 MiB',
    message({ payload: 'x'.repeat(MEGABYTE) }),
    'PAYLOAD_TOO_LARGE',
    /more than 1 MiB/,
  ],
]

describe.each(publishFaults)('publishing with %s', (_name, options, code, says) => {
  const status = code === 'PAYLOAD_TOO_LARGE' ? 413 : 400
  const fault = { status, json: { code, message: expect.stringMatching(says) } }

  it('is refused in v5 and Serverless, and nothing is published', async () => {
    const before = v5.broker.counters()['messages.publish']
    expect(await v5.call('POST /publish', options)).toMatchObject(fault)
    expect(await serverless.call('POST /publish', options)).toMatchObject(fault)
    expect(v5.broker.counters()['messages.publish']).toBe(before)
  })
})

it('refuses a bulk as a whole, before any of it is published', async () => {
  const before = v5.broker.counters()['messages.publish']
  const good = { topic: 'a', payload: 'x' }
  for (const bad of [{ topic: 'a/#', payload: 'x' }, { topic: 'a' }, 'text']) {
    const answer = await v5.call('POST /publish/bulk', json([good, bad]))
    expect(answer).toMatchObject({ status: 400, json: { code: 'BAD_REQUEST' } })
  }
  expect((await v5.call('POST /publish/bulk', json([]))).status).toBe(400)
  expect((await v5.call('POST /publish/bulk', json(good))).status).toBe(400)
  expect(v5.broker.counters()['messages.publish']).toBe(before)
})

it.each([
  ['topic missing', {}, /"topic" is missing/],
  ['a bad filter', { topic: 'a/#/b' }, /only at the end/],
  ['a half wildcard', { topic: 'a+' }, /whole level/],
  ['a shared subscription', { topic: '$share/g/a' }, /no shared subscriptions/],
  ['$SYS', { topic: '$SYS/#' }, /no \$SYS topics/],
  ['QoS 3', { topic: 'a', qos: 3 }, /"qos" must be one of/],
  ['nl as true', { topic: 'a', nl: true }, /"nl" must be one of: 0, 1/],
  ['Retain Handling', { topic: 'a', rh: 1 }, /"rh" must be 0/],
])('refuses to subscribe with %s, alone and in bulk', async (_name, body, says) => {
  const fault = { status: 400, json: { code: 'BAD_REQUEST', message: expect.stringMatching(says) } }
  const one = await v5.call('POST /clients/{clientid}/subscribe', { parameters, json: body })
  expect(one).toMatchObject(fault)
  const bulk = await v5.call('POST /clients/{clientid}/subscribe/bulk', {
    parameters,
    json: [{ topic: 'fine' }, body],
  })
  expect(bulk.status).toBe(400)
  expect([...v5.broker.subscriptions()]).toEqual([])
})

it.each([
  'page=0',
  'page=-1',
  'page=1.5',
  'page=x',
  'page=',
  'page=1&page=2',
  'page=99999999999999999999',
  'limit=0',
  'limit=10001',
  'conn_state=gone',
  'clean_start=1',
  'proto_name=mqtt',
  'proto_ver=four',
  'ip_address=localhost',
  'gte_created_at=yesterday',
  'lte_connected_at=2026-13-40T00:00:00Z',
  'conn_state=connected&conn_state=idle',
  'zone=external',
])('refuses to list clients with %s', async (query) => {
  const answer = await v5.call('GET /clients', { query: `?${query}` })
  expect(answer).toMatchObject({
    status: 400,
    json: { code: 'INVALID_PARAMETER', message: expect.any(String) },
  })
})

it.each(['qos=3', 'match_topic=a/%23/b', 'durable=maybe', 'limit=0'])(
  'refuses to list subscriptions with %s',
  async (query) => {
    const answer = await v5.call('GET /subscriptions', { query: `?${query}` })
    expect(answer).toMatchObject({ status: 400, json: { code: 'INVALID_PARAMETER' } })
  },
)

it('knows one node only', async () => {
  const answer = await v5.call('GET /clients', { query: '?node=emqx@10.0.0.1' })
  expect(answer).toMatchObject({ status: 500, json: { code: 'NODE_DOWN' } })
})

it.each([
  ['GET /clients/{clientid}', undefined],
  ['DELETE /clients/{clientid}', undefined],
  ['GET /clients/{clientid}/subscriptions', undefined],
  ['POST /clients/{clientid}/subscribe', { topic: 'a' }],
  ['POST /clients/{clientid}/subscribe/bulk', [{ topic: 'a' }]],
  ['POST /clients/{clientid}/unsubscribe', { topic: 'a' }],
  ['POST /clients/{clientid}/unsubscribe/bulk', [{ topic: 'a' }]],
])('%s of a client that is not there: 404', async (id, body) => {
  const options = { parameters: { clientid: 'nobody' }, json: body }
  for (const deployment of [v5, serverless]) {
    expect(await deployment.call(id, options)).toMatchObject({
      status: 404,
      json: { code: 'CLIENTID_NOT_FOUND', message: expect.stringContaining('nobody') },
    })
  }
})

it('does not read a body that says it is too large', async () => {
  const options = { chunks: [], headers: { 'content-length': String(MEGABYTE + 1) } }
  expect(await v5.call('POST /publish', options)).toMatchObject({
    status: 413,
    json: { code: 'PAYLOAD_TOO_LARGE' },
  })
})

it('takes a body of exactly 1 MiB, however it is cut', async () => {
  const around = JSON.stringify({ topic: 'a', payload: '' }).length
  const body = Buffer.from(JSON.stringify({ topic: 'a', payload: 'x'.repeat(MEGABYTE - around) }))
  expect(body).toHaveLength(MEGABYTE)
  const chunks = [body.subarray(0, 7), body.subarray(7, 500_000), body.subarray(500_000)]
  expect((await v5.call('POST /publish', { chunks })).status).toBe(202)
})
