import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  editions,
  nextMessage,
  rowsOf,
  TestDeployment,
  untilClosed,
} from '../harness/test-deployment.ts'

let deployment: TestDeployment

beforeEach(async () => {
  deployment = await TestDeployment.open(editions.dedicated)
})

afterEach(async () => {
  await deployment.close()
})

describe.each(['mqtt', 'ws'] as const)('a client over %s', (protocol) => {
  it('is listed with what the broker knows of it', async () => {
    const before = Date.now()
    const client = await deployment.connect(
      { clientId: 'pump-1', username: 'plant', keepalive: 30 },
      protocol,
    )
    await client.subscribeAsync('plant/#', { qos: 1 })
    await client.publishAsync('elsewhere', 'x', { qos: 1 })
    const { status, json } = await deployment.call('GET /clients')
    expect(status).toBe(200)
    expect(json).toMatchObject({
      meta: { page: 1, limit: 100, count: 1, hasnext: false },
      data: [
        {
          node: 'latchkey@test',
          clientid: 'pump-1',
          username: 'plant',
          proto_name: 'MQTT',
          proto_ver: 4,
          ip_address: '127.0.0.1',
          is_bridge: false,
          connected: true,
          keepalive: 30,
          clean_start: true,
          expiry_interval: 0,
          subscriptions_cnt: 1,
          listener: protocol === 'ws' ? 'ws:default' : 'tcp:default',
          // CONNECT, SUBSCRIBE, PUBLISH; CONNACK, SUBACK, PUBACK.
          recv_pkt: 3,
          recv_msg: 1,
          'recv_msg.qos1': 1,
          send_pkt: 3,
          send_msg: 0,
        },
      ],
    })
    const [row] = rowsOf(json)
    expect(row).not.toHaveProperty('disconnected_at')
    const connectedAt = Date.parse(String(row?.['connected_at']))
    expect(connectedAt).toBeGreaterThanOrEqual(before)
    expect(connectedAt).toBeLessThanOrEqual(Date.now())
  })

  it('is really disconnected when kicked', async () => {
    const client = await deployment.connect({ clientId: 'pump-1' }, protocol)
    const closed = untilClosed(client)
    const parameters = { clientid: 'pump-1' }
    expect(await deployment.call('DELETE /clients/{clientid}', { parameters })).toMatchObject({
      status: 204,
      json: null,
    })
    await closed
    expect(client.connected).toBe(false)
    expect(await deployment.call('GET /clients/{clientid}', { parameters })).toMatchObject({
      status: 404,
      json: { code: 'CLIENTID_NOT_FOUND' },
    })
    expect((await deployment.call('DELETE /clients/{clientid}', { parameters })).status).toBe(404)
  })

  it('gets what is published by API after it was subscribed by API', async () => {
    const client = await deployment.connect({ clientId: 'pump-1' }, protocol)
    const made = await deployment.call('POST /clients/{clientid}/subscribe', {
      parameters: { clientid: 'pump-1' },
      json: { topic: 'plant/+/set', qos: 1 },
    })
    expect(made).toMatchObject({
      status: 200,
      json: {
        node: 'latchkey@test',
        clientid: 'pump-1',
        topic: 'plant/+/set',
        qos: 1,
        nl: 0,
        rap: 0,
        rh: 0,
      },
    })
    const message = nextMessage(client)
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, at) => at))
    const published = await deployment.call('POST /publish', {
      json: {
        topic: 'plant/7/set',
        payload: bytes.toString('base64'),
        payload_encoding: 'base64',
        qos: 2,
      },
    })
    expect(published.status).toBe(200)
    expect(published.json).toEqual({ id: expect.stringMatching(/^[0-9a-f]{32}$/) })
    const { topic, payload } = await message
    expect(topic).toBe('plant/7/set')
    expect(payload.equals(bytes)).toBe(true)
  })
})

it('has nothing left of many calls for a client once they are over', async () => {
  await deployment.connect({ clientId: 'pump-1' })
  const warnings: Error[] = []
  const note = (warning: Error) => warnings.push(warning)
  // Node warns of listeners that gather.
  process.on('warning', note)
  const call = (id: string) =>
    deployment.call(id, { parameters: { clientid: 'pump-1' }, json: { topic: 'a' } })
  for (let at = 0; at < 120; at += 1) {
    expect((await call('POST /clients/{clientid}/subscribe')).status).toBe(200)
    expect((await call('POST /clients/{clientid}/unsubscribe')).status).toBe(204)
  }
  process.off('warning', note)
  expect(warnings).toEqual([])
})

it('keeps a retained message for who subscribes later', async () => {
  const published = await deployment.call('POST /publish', {
    json: { topic: 'plant/state', payload: 'on', retain: true },
  })
  expect(published).toMatchObject({
    status: 202,
    json: { message: 'no_matching_subscribers', reason_code: 16 },
  })
  const client = await deployment.connect()
  const message = nextMessage(client)
  await client.subscribeAsync('plant/#')
  const { payload, packet } = await message
  expect(payload.toString()).toBe('on')
  expect(packet.retain).toBe(true)
})
