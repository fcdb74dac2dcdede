import { afterEach, beforeEach, expect, it } from 'vitest'
import { editions, nextMessage, rowsOf, TestDeployment } from '../harness/test-deployment.ts'

let deployment: TestDeployment

beforeEach(async () => {
  deployment = await TestDeployment.open(editions.serverless)
})

afterEach(() => deployment.close())

it('pages and filters by the names with an underscore', async () => {
  for (const name of ['a', 'b', 'c']) {
    const client = await deployment.connect({ clientId: name })
    await client.subscribeAsync(`${name}/x`)
  }
  const clients = await deployment.call('GET /clients', { query: '?_page=2&_limit=2' })
  expect(clients).toMatchObject({
    status: 200,
    json: { data: [{ clientid: 'c' }], meta: { page: 2, limit: 2, count: 3, hasnext: false } },
  })
  const names = async (query: string) =>
    rowsOf((await deployment.call('GET /clients', { query })).json).map((row) => row['clientid'])
  const inAnHour = Date.now() + 3_600_000
  expect(await names('?clientid=b')).toEqual(['b'])
  expect(await names(`?_gte_created_at=${inAnHour}`)).toEqual([])
  expect(await names(`?_lte_connected_at=${inAnHour}`)).toHaveLength(3)
  expect(await names(`?_lte_connected_at=${Math.floor(inAnHour / 1000)}`)).toHaveLength(3)

  const subscriptions = await deployment.call('GET /subscriptions', {
    query: '?_match_topic=%2B/x&_limit=1&qos=0',
  })
  expect(subscriptions).toMatchObject({
    status: 200,
    json: { data: [{ topic: 'a/x' }], meta: { page: 1, limit: 1, count: 3, hasnext: true } },
  })
  const shared = await deployment.call('GET /subscriptions', { query: '?share=group' })
  expect(shared.json).toMatchObject({ data: [], meta: { limit: 100, count: 0 } })
})

it('wraps the subscriptions of a client in data, and nothing else', async () => {
  await deployment.connect({ clientId: 'one' })
  const parameters = { clientid: 'one' }
  const made = await deployment.call('POST /clients/{clientid}/subscribe/bulk', {
    parameters,
    json: [{ topic: 'a', qos: 1 }, { topic: 'b' }],
  })
  const rows = [
    { node: 'latchkey@test', clientid: 'one', topic: 'a', qos: 1, nl: 0, rap: 0, rh: 0 },
    { node: 'latchkey@test', clientid: 'one', topic: 'b', qos: 0, nl: 0, rap: 0, rh: 0 },
  ]
  expect(made).toMatchObject({ status: 200, json: { data: rows } })
  const shown = await deployment.call('GET /clients/{clientid}/subscriptions', { parameters })
  expect(shown.json).toEqual({ data: rows })
  const one = await deployment.call('GET /clients/{clientid}', { parameters })
  expect(one.json).toMatchObject({ clientid: 'one', subscriptions_cnt: 2 })
})

it('subscribes, publishes, unsubscribes and kicks', async () => {
  const client = await deployment.connect({ clientId: 'one' })
  const parameters = { clientid: 'one' }
  await deployment.call('POST /clients/{clientid}/subscribe', { parameters, json: { topic: 'a' } })
  const message = nextMessage(client)
  const published = await deployment.call('POST /publish', {
    json: { topic: 'a', payload: 'hello', qos: 1 },
  })
  expect(published).toMatchObject({ status: 200, json: { id: expect.any(String) } })
  expect((await message).payload.toString()).toBe('hello')
  const ended = await deployment.call('POST /clients/{clientid}/unsubscribe', {
    parameters,
    json: { topic: 'a' },
  })
  expect(ended.status).toBe(204)
  const bulk = await deployment.call('POST /publish/bulk', { json: [{ topic: 'a', payload: 'x' }] })
  expect(bulk).toMatchObject({
    status: 202,
    json: [{ message: 'no_matching_subscribers', reason_code: 16 }],
  })
  expect((await deployment.call('DELETE /clients/{clientid}', { parameters })).status).toBe(204)
  expect((await deployment.call('GET /clients/{clientid}', { parameters })).json).toMatchObject({
    code: 'CLIENTID_NOT_FOUND',
  })
})

it.each(['_like_clientid=a', '_like_username=a', 'zone=external'])(
  'refuses to filter by %s rather than to answer unfiltered',
  async (parameter) => {
    const answer = await deployment.call('GET /clients', { query: `?${parameter}` })
    expect(answer).toMatchObject({ status: 400, json: { code: 'INVALID_PARAMETER' } })
  },
)
