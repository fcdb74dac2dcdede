import { afterEach, beforeEach, expect, it } from 'vitest'
import { editions, TestDeployment, until } from '../harness/test-deployment.ts'

let deployment: TestDeployment

beforeEach(async () => {
  deployment = await TestDeployment.open(editions.dedicated)
})

afterEach(async () => {
  await deployment.close()
})

it('keeps a bounded number of subscriptions for a client', async () => {
  const client = await deployment.connect({ clientId: 'greedy' })
  const topics = Array.from({ length: 1500 }, (_, at) => `t/${at}`)
  await client.subscribeAsync(topics).catch(() => undefined)
  expect(deployment.broker.client('greedy')?.subscriptionCount).toBe(1000)
  const more = await deployment.call('POST /clients/{clientid}/subscribe', {
    parameters: { clientid: 'greedy' },
    json: { topic: 't/1500' },
  })
  expect(more).toMatchObject({ status: 400, json: { code: 'BAD_REQUEST' } })
})

const deepFilters = (name: string) =>
  Array.from({ length: 1000 }, (_, at) => `${name}/${at}${'/x'.repeat(98)}`)

const subscribeByApi = (clientid: string, topic: string) =>
  deployment.call('POST /clients/{clientid}/subscribe', {
    parameters: { clientid },
    json: { topic },
  })

it('keeps a bounded amount of filters for all clients together', async () => {
  const greedy = ['one', 'two', 'three']
  for (const clientId of greedy) {
    const client = await deployment.connect({ clientId, clean: false })
    await client.subscribeAsync(deepFilters(clientId)).catch(() => undefined)
    await client.endAsync()
  }
  const held = [...deployment.broker.subscriptions()].length
  expect(held).toBeGreaterThan(2000)
  expect(held).toBeLessThan(3000)

  // Short ones fill what is left, to the last bit.
  const last = await deployment.connect({ clientId: 'last' })
  const short = Array.from({ length: 200 }, (_, at) => `${at}`)
  await last.subscribeAsync(short).catch(() => undefined)
  expect([...deployment.broker.subscriptionsOf('last')].length).toBeLessThan(200)
  await expect(last.subscribeAsync('more')).rejects.toThrow(/Unspecified error/)
  expect(await subscribeByApi('last', 'more')).toMatchObject({
    status: 400,
    json: { code: 'BAD_REQUEST' },
  })

  // There is room again where one goes, and where a session ends with all of its own.
  await deployment.call('POST /clients/{clientid}/unsubscribe', {
    parameters: { clientid: 'one' },
    json: { topic: deepFilters('one')[0] },
  })
  expect(await subscribeByApi('last', 'more')).toMatchObject({ status: 200 })
  for (const clientid of greedy) {
    await deployment.call('DELETE /clients/{clientid}', { parameters: { clientid } })
  }
  await last.subscribeAsync(deepFilters('last').slice(0, 700))
})

it('refuses a filter over 4 KiB, and keeps the connection', async () => {
  const client = await deployment.connect({ clientId: 'long' })
  await expect(client.subscribeAsync('ä'.repeat(2049))).rejects.toThrow(/Unspecified error/)
  expect(await subscribeByApi('long', 'ä'.repeat(2049))).toMatchObject({
    status: 400,
    json: { code: 'BAD_REQUEST' },
  })
  await client.subscribeAsync('ä'.repeat(2048))
  expect(deployment.broker.client('long')?.subscriptionCount).toBe(1)
})

it('lets in nobody with a user name over 1 KiB or a will over 16 KiB', async () => {
  const will = (bytes: number) => {
    return { topic: 'gone', payload: Buffer.alloc(bytes - 4), qos: 0, retain: false } as const
  }
  const kib = 1024
  await deployment.connect({
    clientId: 'fine',
    username: 'ä'.repeat(512),
    will: will(16 * kib),
  })
  await expect(deployment.connect({ username: 'ä'.repeat(513) })).rejects.toThrow(
    /Bad username or password/,
  )
  await expect(deployment.connect({ will: will(16 * kib + 1) })).rejects.toThrow(/Not authorized/)
  expect(Array.from(deployment.broker.clients(), ({ clientId }) => clientId)).toEqual(['fine'])
})

it('keeps a bounded number of messages for a session that waits', async () => {
  const persistent = { clientId: 'away', clean: false }
  const first = await deployment.connect(persistent)
  await first.subscribeAsync('news', { qos: 1 })
  await first.endAsync()
  const bulk = Array.from({ length: 1200 }, (_, at) => ({
    topic: 'news',
    payload: `${at}`,
    qos: 1,
  }))
  expect((await deployment.call('POST /publish/bulk', { json: bulk })).status).toBe(200)
  const second = await deployment.connect(persistent)
  const last = new Promise<void>((resolve) => {
    second.on('message', (_topic, payload) => {
      if (payload.toString() === '999') resolve()
    })
  })
  await last
  await deployment.call('POST /publish', { json: { topic: 'news', payload: 'now', qos: 1 } })
  await until(() => deployment.received(second).at(-1)?.payload.toString() === 'now')
  expect(deployment.received(second)).toHaveLength(1001)
})
