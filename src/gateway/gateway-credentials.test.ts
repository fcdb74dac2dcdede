import { beforeEach, expect, test } from 'vitest'
import type { Backend } from '../contract/backend.ts'
import { basicAuthorization } from '../contract/credentials.ts'
import type { KeyForCall } from '../store/api-key-records.ts'
import { CallCounter } from './call-counter.ts'
import { createGateway, type Gateway, type GatewayAnswer } from './gateway.ts'
import { FREE_GUESSES, HELD_REFUSAL } from './guess-guard.ts'
import { parseTarget } from './target.ts'

const sha256 = async (text: string) =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))

const good: KeyForCall = {
  deploymentId: 'plant',
  plan: 'dedicated',
  version: 'v5',
  secretHash: await sha256('right'),
  disabled: false,
  expiresAt: null,
  access: async () => ({ mode: 'full' }),
}

// When the tests begin.
const EXPIRY = '2026-03-01T12:00:00.000Z'

const backend: Backend = {
  supports: () => true,
  call: async () => ({ status: 200, headers: {}, body: new TextEncoder().encode('{}') }),
  status: async () => ({ state: 'running', startedAt: null }),
  figures: async () => ({}),
  connection: () => ({ host: '', listeners: [] }),
  close: async () => {},
}

let time: number
let key: KeyForCall
let lookups: string[]
let hashes: number
let counter: CallCounter
let gateway: Gateway

beforeEach(() => {
  time = Date.parse(EXPIRY)
  key = good
  lookups = []
  hashes = 0
  const now = () => new Date(time)
  counter = new CallCounter(now)
  gateway = createGateway({
    findKey: async (appId) => {
      lookups.push(appId)
      return appId === 'k1' ? key : undefined
    },
    backendOf: (deploymentId) => (deploymentId === 'plant' ? backend : undefined),
    sha256: (text) => {
      hashes += 1
      return sha256(text)
    },
    now,
    counter,
    onError: (error) => {
      throw error
    },
  })
})

type Sent = { as?: string; from?: string; url?: string; method?: string; authorization?: string }

async function call(sent: Sent = {}): Promise<GatewayAnswer> {
  const target = parseTarget(sent.url ?? '/plant/api/v5/clients')
  if (!target) throw new Error("it isn't the gateway's")
  const [appId = '', appSecret = ''] = (sent.as ?? 'k1:wrong').split(':')
  return gateway.handle({
    method: sent.method ?? 'GET',
    target,
    address: sent.from ?? '203.0.113.7',
    headers: { authorization: sent.authorization ?? basicAuthorization(appId, appSecret) },
    body: null,
    signal: new AbortController().signal,
  })
}

async function useUp(sent: Sent = {}): Promise<void> {
  for (let count = 0; count < FREE_GUESSES.ofAppId; count += 1) {
    expect((await call(sent)).status).toBe(401)
  }
}

function jsonOf({ body }: GatewayAnswer): unknown {
  if (!(body instanceof Uint8Array)) throw new Error('a body of its own is bytes')
  return JSON.parse(new TextDecoder().decode(body))
}

const refusals: { kind: string; stored: Partial<KeyForCall>; sent: Sent }[] = [
  { kind: 'an unknown App ID', stored: {}, sent: { as: 'k-none:right' } },
  {
    kind: 'an unknown deployment',
    stored: {},
    sent: { as: 'k1:right', url: '/no/api/v5/clients' },
  },
  { kind: 'another deployment', stored: { deploymentId: 'cold' }, sent: { as: 'k1:right' } },
  { kind: 'a wrong secret', stored: {}, sent: { as: 'k1:wrong' } },
  { kind: 'a disabled key', stored: { disabled: true }, sent: { as: 'k1:right' } },
  { kind: 'a disabled key, wrongly', stored: { disabled: true }, sent: { as: 'k1:wrong' } },
  { kind: 'an expired key', stored: { expiresAt: EXPIRY }, sent: { as: 'k1:right' } },
  { kind: 'an expired key, wrongly', stored: { expiresAt: EXPIRY }, sent: { as: 'k1:wrong' } },
  { kind: 'a damaged expiry', stored: { expiresAt: 'soon' }, sent: { as: 'k1:right' } },
  { kind: 'no hash', stored: { secretHash: new Uint8Array(0) }, sent: { as: 'k1:right' } },
]

test.each(refusals)('$kind: one hash, and one read of a key found and one of none', async (one) => {
  await call({ as: 'k1:right' })
  key = { ...good, ...one.stored }
  lookups = []
  hashes = 0
  expect((await call(one.sent)).status).toBe(401)
  expect(hashes).toBe(1)
  expect(lookups).toHaveLength(2)
  expect(lookups.filter((appId) => appId === 'k1')).toHaveLength(1)
})

test.each(refusals)(
  '$kind: what the key may do isn’t read, since a long list takes longer',
  async (one) => {
    const access = () => {
      throw new Error('read')
    }
    key = { ...good, ...one.stored, access }
    expect((await call(one.sent)).status).toBe(401)
  },
)

test('a right secret takes one hash and one read', async () => {
  expect((await call({ as: 'k1:right' })).status).toBe(200)
  expect([lookups, hashes]).toEqual([['k1'], 1])
})

test('a key that is removed while its call is checked opens nothing', async () => {
  key = { ...good, access: async () => undefined }
  expect((await call({ as: 'k1:right' })).status).toBe(401)
})

test('a key is refused from the very millisecond at which it expires', async () => {
  key = { ...good, expiresAt: EXPIRY }
  const statusAt = async (at: string) => {
    time = Date.parse(at)
    return (await call({ as: 'k1:right' })).status
  }
  expect(await statusAt('2026-03-01T11:59:59.999Z')).toBe(200)
  expect(await statusAt('2026-03-01T12:00:00.000Z')).toBe(401)
  expect(await statusAt('2026-03-01T12:00:00.001Z')).toBe(401)
})

test('who guesses on is told to wait, and gets each further answer late', async () => {
  await useUp()
  const answer = await call()
  expect(answer).toMatchObject({ status: 429, outcome: 'refused', appId: null })
  expect(answer.holdFor).toBe(HELD_REFUSAL)
  expect(answer.headers['retry-after']).toBe('1')
  expect(answer.headers['cache-control']).toBe('no-store')
  const message = expect.stringContaining('the right ones are let in at once')
  expect(jsonOf(answer)).toEqual({ code: 'TOO_MANY_REQUESTS', message })
  expect(jsonOf(await call({ url: '/plant/api/clients' }))).toEqual({ code: 429, message })
  expect((await call({ method: 'HEAD' })).body).toBe(null)

  time += 300
  expect((await call()).headers['retry-after']).toBe('1')
  time += 700
  expect(await call()).toMatchObject({ status: 401, holdFor: 0 })
  expect((await call()).headers['retry-after']).toBe('2')
})

test('a call that is told to wait counts as refused, like any other refusal', async () => {
  await useUp()
  expect((await call()).status).toBe(429)
  time += 3000
  expect(counter.apiCalls('plant').perMinute.refused).toBe(FREE_GUESSES.ofAppId + 1)
})

test('a right secret is let in at any time, from a guesser’s own address too', async () => {
  await useUp()
  for (const from of ['203.0.113.7', '203.0.113.8']) {
    expect((await call({ from })).status).toBe(from === '203.0.113.7' ? 429 : 401)
    const answer = await call({ as: 'k1:right', from })
    expect(answer).toMatchObject({ status: 200, holdFor: 0 })
  }
  expect((await call()).status).toBe(429)
})

test('right secrets don’t make wrong ones free again', async () => {
  const statuses: number[] = []
  for (let count = 0; count < FREE_GUESSES.ofAppId + 1; count += 1) {
    expect((await call({ as: 'k1:right' })).status).toBe(200)
    statuses.push((await call()).status)
  }
  expect(statuses.at(-1)).toBe(429)
})

test('a key that is enabled again works at once for a client that kept trying', async () => {
  key = { ...good, disabled: true }
  await useUp({ as: 'k1:right' })
  expect((await call({ as: 'k1:right' })).status).toBe(429)
  key = good
  expect((await call({ as: 'k1:right' })).status).toBe(200)
})

test('the wait comes as soon and is told the same, whatever is wrong', async () => {
  const answers: string[] = []
  for (const [at, { stored, sent }] of refusals.entries()) {
    key = { ...good, ...stored }
    const from = `203.0.113.${at}`
    await useUp({ ...sent, from })
    answers.push(JSON.stringify(await call({ ...sent, from })))
  }
  expect(new Set(answers).size).toBe(1)
  expect(answers[0]).toContain('"status":429')
})

test('a call without readable credentials is no guess: it is asked for them each time', async () => {
  for (let count = 0; count < 2 * FREE_GUESSES.ofAddress; count += 1) {
    expect((await call({ authorization: 'Bearer abc' })).status).toBe(401)
  }
  await useUp()
  expect((await call()).status).toBe(429)
  const answer = await call({ authorization: '' })
  expect(answer.status).toBe(401)
  expect(answer.headers['www-authenticate']).toContain('Basic')
})

test('guesses at once are counted like guesses one after the other', async () => {
  const answers = await Promise.all(Array.from({ length: 200 }, () => call()))
  const statuses = answers.map(({ status }) => status)
  expect(statuses.filter((status) => status === 401)).toHaveLength(FREE_GUESSES.ofAppId)
  expect(statuses.filter((status) => status === 429)).toHaveLength(200 - FREE_GUESSES.ofAppId)
})
