import { beforeEach, expect, test } from 'vitest'
import { sha256InHex } from '../contract/bytes.ts'
import type { KeyForCall, ShownCredentials } from '../store/keys/api-key-records.ts'
import { TARPIT_DELAY_MS } from '../throttle/failed-auth-limiter.ts'
import { KEY_POLICY } from '../throttle/policy.ts'
import { createGateway, type Gateway } from './gateway.ts'
import {
  FakeRecorder,
  fakeBackend,
  fullAccessKey as good,
  sendCall,
  throwError,
} from './testing.ts'
import { CallCounter } from './usage/call-counter.ts'
import type { RecordedCredentials } from './usage/usage-counts.ts'

const oldHash = await sha256InHex('old')

// When the tests begin.
const EXPIRY = Date.parse('2026-03-01T12:00:00.000Z')
const HOUR_LATER = Date.parse('2026-03-01T13:00:00.000Z')
const oldSecret = { hash: oldHash, endsAt: HOUR_LATER }

const backend = fakeBackend()

let time: number
let key: KeyForCall
let lookups: string[]
let shown: ShownCredentials
let hashes: number
let counter: CallCounter
let recorder: FakeRecorder
let gateway: Gateway

beforeEach(() => {
  time = EXPIRY
  key = good
  lookups = []
  hashes = 0
  const now = () => new Date(time)
  counter = new CallCounter(now)
  recorder = new FakeRecorder()
  gateway = createGateway({
    findKey: async (credentials) => {
      shown = credentials
      const { appId } = credentials
      lookups.push(appId)
      return appId === 'k1' ? key : undefined
    },
    backendOf: (deploymentId) => (deploymentId === 'plant' ? backend : undefined),
    sha256: (text) => {
      hashes += 1
      return sha256InHex(text)
    },
    now,
    counter,
    recorder,
    onError: throwError,
  })
})

type Sent = { as?: string; from?: string; url?: string; method?: string; authorization?: string }

function call({ method = 'GET', url = '/plant/api/v5/clients', ...sent }: Sent = {}) {
  const { as = 'k1:wrong', from: address = '203.0.113.7', authorization } = sent
  const headers = authorization === undefined ? {} : { authorization }
  return sendCall(gateway, `${method} ${url}`, { as, address, headers })
}

async function useUp(sent: Sent = {}): Promise<void> {
  for (let count = 0; count < KEY_POLICY.identity.free; count += 1) {
    expect((await call(sent)).status).toBe(401)
  }
}

type Refusal = {
  kind: string
  stored: Partial<KeyForCall>
  sent: Sent
  reason: RecordedCredentials['reason']
}
const right = { as: 'k1:right' }
const wrong = { as: 'k1:wrong' }
const old = { as: 'k1:old' }
const expiresAt = EXPIRY
const ended = { oldSecret: { hash: oldHash, endsAt: EXPIRY } }
const refusals: Refusal[] = [
  { kind: 'an unknown App ID', stored: {}, sent: { as: 'k-none:right' }, reason: 'unknown' },
  {
    kind: 'an unknown deployment',
    stored: {},
    sent: { ...right, url: '/no/api/v5/clients' },
    reason: 'unknown',
  },
  { kind: 'elsewhere', stored: { deploymentId: 'cold' }, sent: right, reason: 'unknown' },
  { kind: 'a wrong secret', stored: {}, sent: wrong, reason: 'wrongSecret' },
  { kind: 'a disabled key', stored: { disabled: true }, sent: right, reason: 'disabled' },
  { kind: 'disabled, wrongly', stored: { disabled: true }, sent: wrong, reason: 'wrongSecret' },
  { kind: 'an expired key', stored: { expiresAt }, sent: right, reason: 'expired' },
  { kind: 'expired, wrongly', stored: { expiresAt }, sent: wrong, reason: 'wrongSecret' },
  { kind: 'both', stored: { expiresAt, disabled: true }, sent: right, reason: 'disabled' },
  { kind: 'a damaged expiry', stored: { expiresAt: Number.NaN }, sent: right, reason: 'expired' },
  {
    kind: 'no hash',
    stored: { secretHash: '' },
    sent: right,
    reason: 'wrongSecret',
  },
  { kind: 'rotated, wrongly', stored: { oldSecret }, sent: wrong, reason: 'wrongSecret' },
  { kind: 'an old secret that ended', stored: ended, sent: old, reason: 'wrongSecret' },
  { kind: 'old, disabled', stored: { oldSecret, disabled: true }, sent: old, reason: 'disabled' },
  { kind: 'old, expired', stored: { oldSecret, expiresAt }, sent: old, reason: 'expired' },
  {
    kind: 'a damaged end of the old secret',
    stored: { oldSecret: { hash: oldHash, endsAt: Number.NaN } },
    sent: old,
    reason: 'wrongSecret',
  },
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

test.each(refusals)('$kind: the record says why, and no answer does', async (one) => {
  key = { ...good, ...one.stored }
  const { status } = await call(one.sent)
  const isHere = one.sent.url === undefined
  expect([status, recorder.calls]).toEqual([401, []])
  expect(recorder.refusedCredentials).toEqual([
    {
      deploymentId: isHere ? 'plant' : null,
      // Of what isn't known here, only what has the form of an App ID: it may be a secret.
      appId: one.reason === 'unknown' ? '' : 'k1',
      reason: one.reason,
      address: '203.0.113.7',
    },
  ])
})

test('an unknown App ID is recorded as it was sent where it has the form of one', async () => {
  await call({ as: 'k0123456789a:right' })
  await call({ as: `lks_${'x'.repeat(40)}:right` })
  expect(recorder.refusedCredentials.map(({ appId }) => appId)).toEqual(['k0123456789a', ''])
})

test('a rate-limited call is recorded, and one without credentials isn’t', async () => {
  await useUp()
  expect((await call()).status).toBe(429)
  expect((await call({ authorization: 'Bearer abc' })).status).toBe(401)
  expect(recorder.refusedCredentials).toHaveLength(KEY_POLICY.identity.free + 1)
})

test('a right secret takes one hash and one read', async () => {
  expect((await call({ as: 'k1:right' })).status).toBe(200)
  expect([lookups, hashes]).toEqual([['k1'], 1])
})

test('a key that the store gives no rights of opens nothing, whatever is right of it', async () => {
  key = { ...good, rights: null }
  await expect(call({ as: 'k1:right' })).rejects.toThrow('without rights')
})

test('what is shown of a secret to the store is its hash', async () => {
  await call({ as: 'k1:right' })
  expect(shown).toEqual({
    appId: 'k1',
    secretHash: await sha256InHex('right'),
    deploymentId: 'plant',
    time,
  })
})

test('a key is refused from the very millisecond at which it expires', async () => {
  key = { ...good, expiresAt: EXPIRY }
  const statusAt = async (at: number) => {
    time = at
    return (await call({ as: 'k1:right' })).status
  }
  expect(await statusAt(EXPIRY - 1)).toBe(200)
  expect(await statusAt(EXPIRY)).toBe(401)
  expect(await statusAt(EXPIRY + 1)).toBe(401)
})

test('an old secret is good until the very millisecond of its end, the new one stays', async () => {
  key = { ...good, oldSecret }
  const statusesAt = async (at: number) => {
    time = at
    return [(await call(old)).status, (await call(right)).status]
  }
  expect(await statusesAt(HOUR_LATER - 1)).toEqual([200, 200])
  expect(await statusesAt(HOUR_LATER)).toEqual([401, 200])
  expect(recorder.calls.map(({ oldSecretHash }) => oldSecretHash)).toEqual([oldHash, null, null])
})

test('an old secret that is the new one as well counts as the new one', async () => {
  key = { ...good, oldSecret: { ...oldSecret, hash: good.secretHash } }
  expect((await call(right)).status).toBe(200)
  expect(recorder.calls).toMatchObject([{ oldSecretHash: null }])
})

test('a rate-limited caller gets 429 with Retry-After, and each answer late (tarpit)', async () => {
  await useUp()
  const answer = await call()
  expect(answer).toMatchObject({ status: 429, outcome: 'refused', appId: null })
  expect(answer.delayMs).toBe(TARPIT_DELAY_MS)
  expect(answer.headers['retry-after']).toBe('1')
  expect(answer.headers['cache-control']).toBe('no-store')
  const message = expect.stringContaining('the right ones are let in at once')
  expect(answer.json).toEqual({ code: 'TOO_MANY_REQUESTS', message })
  expect((await call({ url: '/plant/api/clients' })).json).toEqual({ code: 429, message })
  expect((await call({ method: 'HEAD' })).body).toBe(null)

  time += 300
  expect((await call()).headers['retry-after']).toBe('1')
  time += 700
  expect(await call()).toMatchObject({ status: 401, delayMs: 0 })
  expect((await call()).headers['retry-after']).toBe('2')
})

test('a rate-limited call counts as refused', async () => {
  await useUp()
  expect((await call()).status).toBe(429)
  time += 3000
  expect(counter.apiCalls('plant').perMinute.refused).toBe(KEY_POLICY.identity.free + 1)
})

test('a right secret is let in at any time, from a rate-limited address too', async () => {
  await useUp()
  for (const from of ['203.0.113.7', '203.0.113.8']) {
    expect((await call({ from })).status).toBe(from === '203.0.113.7' ? 429 : 401)
    const answer = await call({ as: 'k1:right', from })
    expect(answer).toMatchObject({ status: 200, delayMs: 0 })
  }
  expect((await call()).status).toBe(429)
})

test('right secrets don’t make wrong ones free again', async () => {
  const statuses: number[] = []
  for (let count = 0; count < KEY_POLICY.identity.free + 1; count += 1) {
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

test('the rate limit begins after as many failures and looks the same, whatever is wrong', async () => {
  const answers: string[] = []
  for (const [at, { stored, sent }] of refusals.entries()) {
    key = { ...good, ...stored }
    const from = `203.0.113.${at}`
    await useUp({ ...sent, from })
    // Which deployment it was stays with the host.
    const { deploymentId: _, ...shown } = await call({ ...sent, from })
    answers.push(JSON.stringify(shown))
  }
  expect(new Set(answers).size).toBe(1)
  expect(answers[0]).toContain('"status":429')
})

test('a call without readable credentials is no failed attempt: it gets the challenge each time', async () => {
  for (let count = 0; count < 2 * KEY_POLICY.network.free; count += 1) {
    expect((await call({ authorization: 'Bearer abc' })).status).toBe(401)
  }
  await useUp()
  expect((await call()).status).toBe(429)
  const answer = await call({ authorization: '' })
  expect(answer.status).toBe(401)
  expect(answer.headers['www-authenticate']).toContain('Basic')
})

test('simultaneous failures are counted like consecutive ones', async () => {
  const answers = await Promise.all(Array.from({ length: 200 }, () => call()))
  const statuses = answers.map(({ status }) => status)
  expect(statuses.filter((status) => status === 401)).toHaveLength(KEY_POLICY.identity.free)
  expect(statuses.filter((status) => status === 429)).toHaveLength(200 - KEY_POLICY.identity.free)
})
