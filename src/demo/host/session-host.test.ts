import { describe, expect, test } from 'vitest'
import { createToken, createUser, PASSWORD } from '../../contract-suite/accounts.ts'
import { call, type Host } from '../../contract-suite/host.ts'
import {
  deploymentListSchema,
  deploymentSchema,
  figuresSchema,
} from '../../contract/deployments/schemas.ts'
import { problemSchema } from '../../contract/http/schema-parts.ts'
import { basicAuthorization } from '../../contract/keys/credentials.ts'
import { apiKeyPageSchema, createdApiKeySchema } from '../../contract/keys/schemas.ts'
import { NOON, open, ORIGIN } from '../testing/open-session.ts'
import { sqliteInNode } from '../testing/sqlite-in-node.ts'
import { openSessionHost } from './session-host.ts'

const json = { 'content-type': 'application/json' }
const KEYS = '/api/v1/deployments/plant-telemetry/api-keys'
const API = '/plant-telemetry/api/v5'

async function createKey(demo: Host, body: unknown = { access: { mode: 'full' } }) {
  const sent = { headers: json, body: JSON.stringify(body) }
  return createdApiKeySchema.parse(JSON.parse((await demo.send('POST', KEYS, sent)).text))
}

async function callWith(
  demo: Host,
  { apiKey, appSecret }: Awaited<ReturnType<typeof createKey>>,
  method: string,
  path: string,
  body?: unknown,
) {
  const authorization = basicAuthorization(apiKey.appId, appSecret)
  return demo.send(method, `${API}${path}`, {
    headers: { authorization, ...json },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
}

describe('A session', () => {
  test('goes on where it was when the worker is stopped after any answer', async () => {
    const before = await open()
    const created = await createKey(before, { note: 'Kept', access: { mode: 'full' } })
    await callWith(before, created, 'DELETE', '/clients/press-0001')
    const after = await before.again()
    expect((await callWith(after, created, 'GET', '/clients/press-0001')).status).toBe(404)
    expect((await callWith(after, created, 'GET', '/clients/press-0003')).status).toBe(200)
    const figures = await after.send('GET', '/api/v1/deployments/plant-telemetry/figures')
    after.later(4000)
    const later = await after.send('GET', '/api/v1/deployments/plant-telemetry/figures')
    expect(figuresSchema.parse(JSON.parse(figures.text)).apiCalls.series.length).toBeGreaterThan(0)
    expect(figuresSchema.parse(JSON.parse(later.text)).apiCalls.perMinute).toEqual({
      allowed: 3,
      refused: 0,
      failed: 0,
    })
    const { items } = apiKeyPageSchema.parse(JSON.parse((await after.send('GET', KEYS)).text))
    expect(items.map(({ note }) => note)).toContain('Kept')
    expect((await createKey(after)).apiKey.appId).not.toBe(created.apiKey.appId)
  })

  test('keeps nothing when nothing changed', async () => {
    const demo = await open()
    await demo.send('GET', '/api/v1/deployments')
    const first = demo.persisted()
    await demo.send('GET', KEYS)
    expect(demo.persisted()).toBe(first)
  })

  test('makes the same ids and secrets from the same seed, and others from another', async () => {
    const [one, same, other] = await Promise.all([
      open('default', { seed: 'a' }),
      open('default', { seed: 'a' }),
      open('default', { seed: 'b' }),
    ])
    const secret = (await createKey(one)).appSecret
    expect((await createKey(same)).appSecret).toBe(secret)
    expect((await createKey(other)).appSecret).not.toBe(secret)
  })

  test('never keeps an App Secret, a password or the secret of a token', async () => {
    const demo = await open()
    const { appSecret } = await createKey(demo)
    const { secret } = await createToken(demo, 'operator')
    await createUser(demo, 'noor', 'viewer')
    const { database, memory } = demo.persisted() ?? { database: new Uint8Array(), memory: {} }
    const persisted = new TextDecoder('latin1').decode(database)
    expect(persisted).toContain('noor')
    for (const hidden of [appSecret, secret, PASSWORD]) {
      expect(persisted).not.toContain(hidden)
      expect(JSON.stringify(memory)).not.toContain(hidden)
    }
  })

  test('tells when the browser has no room to persist a change', async () => {
    const demo = await openSessionHost({
      sqlite: await sqliteInNode(),
      session: { id: '', scenario: 'empty', seed: 'x', startedAt: NOON, clockStart: NOON },
      persisted: undefined,
      persist: () => Promise.reject(new DOMException('full', 'QuotaExceededError')),
      clock: () => NOON,
      wait: async () => {},
      random: (length) => new Uint8Array(length),
      onError: () => {},
    })
    const answer = await demo.answer(new Request(`${ORIGIN}/api/v1/deployments`))
    expect(answer.status).toBe(503)
  })
})

describe('The simulated broker', () => {
  test('delivers what is published to a topic that a device subscribes to', async () => {
    const demo = await open()
    const created = await createKey(demo)
    const delivered = await callWith(demo, created, 'POST', '/publish', {
      topic: 'press/0001/commands',
      payload: 'stop',
    })
    expect(delivered.status).toBe(200)
    expect(JSON.parse(delivered.text)).toHaveProperty('id')
    const unheard = { topic: 'nobody/listens', payload: '' }
    expect((await callWith(demo, created, 'POST', '/publish', unheard)).status).toBe(202)
  })

  test('hears nothing of what a page of another origin publishes', async () => {
    const demo = await open()
    const { apiKey, appSecret } = await createKey(demo)
    const { status, text } = await demo.send('POST', `${API}/publish`, {
      headers: {
        authorization: basicAuthorization(apiKey.appId, appSecret),
        'sec-fetch-site': 'cross-site',
      },
      body: '{"topic":"press/0001/commands","payload":"stop"}',
    })
    expect([status, JSON.parse(text)]).toMatchObject([403, { code: 'FORBIDDEN' }])
  })

  test('shows no ports, since there are none', async () => {
    const { text } = await (await open()).send('GET', '/api/v1/deployments/plant-telemetry')
    expect(deploymentSchema.parse(JSON.parse(text)).connection.listeners).toEqual([])
  })

  test('has full charts from the start that move with time', async () => {
    const demo = await open()
    const figures = async () => {
      const { text } = await demo.send('GET', '/api/v1/deployments/plant-telemetry/figures')
      return figuresSchema.parse(JSON.parse(text))
    }
    const first = await figures()
    expect(first.messagesIn?.series).toHaveLength(60)
    expect(first.messagesIn?.series.every((rate) => rate > 0)).toBe(true)
    expect(first.sessions?.current).toBeGreaterThan(1000)
    expect(first.sessions?.series.every((sessions) => sessions > 1000)).toBe(true)
    demo.later(60_000)
    const later = await figures()
    expect(later.messagesIn?.series).toHaveLength(60)
    expect(later.messagesIn?.series.slice(0, 29)).toEqual(first.messagesIn?.series.slice(30, 59))
  })
})

describe('The scenario', () => {
  const total = async (demo: Host, deployment: string) => {
    const { text } = await demo.send('GET', `/api/v1/deployments/${deployment}/api-keys`)
    return apiKeyPageSchema.parse(JSON.parse(text)).total
  }
  const deployments = async (demo: Host) => {
    const { text } = await demo.send('GET', '/api/v1/deployments')
    return deploymentListSchema.parse(JSON.parse(text)).items
  }

  test('empty has no deployments', async () => {
    expect(await deployments(await open('empty'))).toEqual([])
  })

  test('many-keys has 10,000 keys that differ', async () => {
    const demo = await open('many-keys')
    expect(await total(demo, 'plant-telemetry')).toBe(10_000)
    const { text } = await demo.send('GET', `${KEYS}?limit=200&access=list`)
    const { items } = apiKeyPageSchema.parse(JSON.parse(text))
    expect(new Set(items.map(({ note }) => note)).size).toBe(200)
    expect(new Set(items.map(({ createdAt }) => createdAt)).size).toBeGreaterThan(190)
  })

  test('legacy has a v4 deployment with legacy keys', async () => {
    const demo = await open('legacy')
    const [only, ...others] = await deployments(demo)
    expect([only?.version, others]).toEqual(['v4', []])
    expect(await total(demo, only?.id ?? '')).toBeGreaterThan(0)
  })

  test('slow takes 1.5 seconds for each answer', async () => {
    const demo = await open('slow')
    await deployments(demo)
    expect(demo.waited).toEqual([1500])
  })

  test('failing refuses changes, has no figures of one broker and no keys of another', async () => {
    const demo = await open('failing')
    const sent = { headers: json, body: JSON.stringify({ access: { mode: 'full' } }) }
    expect((await demo.send('POST', KEYS, sent)).status).toBe(503)
    const states = (await deployments(demo)).map(({ id, status }) => [id, status])
    expect(Object.fromEntries(states)).toMatchObject({
      'fleet-tracking': 'unreachable',
      'plant-telemetry': 'running',
    })
    const { text } = await demo.send('GET', '/api/v1/deployments/fleet-tracking/figures')
    expect(Object.keys(figuresSchema.parse(JSON.parse(text)))).toEqual(['apiCalls'])
    const keys = await demo.send('GET', '/api/v1/deployments/grid-metering/api-keys')
    expect(keys.status).toBe(503)
  })
})

describe('A sentinel', () => {
  test.each([412, 422, 500, 503])('in a note makes the request fail: %i', async (status) => {
    const demo = await open()
    const before = (await createKey(demo)).apiKey
    const sent = {
      headers: { ...json, 'if-match': `"${before.version}"` },
      body: JSON.stringify({ note: `please fail:${status} now` }),
    }
    const answer = await demo.send('PATCH', `${KEYS}/${before.appId}`, sent)
    expect(answer.status).toBe(status)
    const { errors } = problemSchema.parse(JSON.parse(answer.text))
    expect(errors?.map(({ field }) => field)).toEqual(status === 422 ? ['note'] : undefined)
    const after = await demo.send('GET', `${KEYS}/${before.appId}`)
    expect(JSON.parse(after.text)).toEqual(before)
  })

  test('in a note makes the request wait, and it is done', async () => {
    const demo = await open()
    const created = await createKey(demo, { note: 'slow:2000', access: { mode: 'full' } })
    expect(created.apiKey.note).toBe('slow:2000')
    expect(demo.waited).toEqual([2000])
  })

  test('in the search makes the list fail', async () => {
    expect((await (await open()).send('GET', `${KEYS}?search=fail:503`)).status).toBe(503)
  })
})

test('An EMQX endpoint is refused by its field, since the browser reaches none', async () => {
  const demo = await open()
  const backend = { kind: 'emqx', url: 'https://emqx.example', keyId: 'k', keySecret: 's' }
  const sent = {
    headers: json,
    body: JSON.stringify({ name: 'Mine', plan: 'byoc', backend }),
  }
  const answer = await demo.send('POST', '/api/v1/deployments', sent)
  expect(answer.status).toBe(422)
  const { errors } = problemSchema.parse(JSON.parse(answer.text))
  expect(errors?.map(({ field }) => field)).toEqual(['backend.url'])
})

test('Whoever opens the demo is its administrator; there is no sign-in, and it says so', async () => {
  const demo = await open()
  const { text } = await call(demo, 'getSession')
  expect(JSON.parse(text)).toMatchObject({
    kind: 'demo',
    role: 'administrator',
    hasPassword: false,
  })
  const json = { username: 'admin', password: PASSWORD }
  const change = { currentPassword: PASSWORD, newPassword: PASSWORD }
  for (const answer of [
    await call(demo, 'createSession', { json }),
    await call(demo, 'deleteSession'),
    await call(demo, 'deleteSessions'),
    await call(demo, 'changePassword', { json: change }),
    await call(demo, 'startOpenId'),
    await call(demo, 'finishOpenId'),
  ]) {
    expect([answer.status, answer.text]).toEqual([404, expect.stringContaining('no sign-in')])
  }
})
