import { beforeEach, expect, test } from 'vitest'
import type { Access } from '../contract/access/access.ts'
import { BackendUnavailable, type Backend } from '../contract/backend.ts'
import { sha256InHex } from '../contract/bytes.ts'
import { createAddressFilter } from '../contract/network/ip-addresses.ts'
import type { KeyForCall } from '../store/keys/api-key-records.ts'
import { KEY_POLICY } from '../throttle/policy.ts'
import { createGateway } from './gateway.ts'
import {
  authorizationFor,
  FakeRecorder,
  fakeBackend,
  fullAccessKey,
  sendCall,
  throwError,
} from './testing.ts'
import { CallCounter } from './usage/call-counter.ts'

const listed: Access = { mode: 'list', operations: ['GET /clients', 'PUT /rules/{id}'] }
const key = {
  ...fullAccessKey,
  rights: { access: listed, allowedAddresses: createAddressFilter([]) },
}
const held: KeyForCall['rights'] = {
  access: { mode: 'list', operations: ['GET /clients'] },
  allowedAddresses: createAddressFilter(['192.0.2.0/24', '2001:db8::/32']),
}
const keys: Record<string, KeyForCall> = {
  'k-list': key,
  'k-full': fullAccessKey,
  'k-held': { ...key, rights: held },
  'k-cold': {
    ...key,
    deploymentId: 'cold',
    oldSecret: { hash: await sha256InHex('old'), endsAt: Date.parse('2026-03-01T13:00:00.000Z') },
    rights: held,
  },
  'k-disabled': { ...key, deploymentId: 'cold', disabled: true },
  'k-closed': { ...key, deploymentId: 'closed' },
}

let time = Date.parse('2026-03-01T12:00:00.000Z')
let step: number
const now = () => new Date((time += step))
const counter = new CallCounter(now)
let answer: Backend['call']
let forwarded: number
const recorder = new FakeRecorder()

beforeEach(() => {
  answer = async () => ({ status: 200, headers: {}, body: null })
  forwarded = 0
  recorder.clear()
  step = 0
})

const backend: Backend = {
  ...fakeBackend((call) => {
    forwarded += 1
    return answer(call)
  }),
  supports: (id) => id !== 'GET /rules',
}

const gateway = createGateway({
  findKey: async ({ appId }) => keys[appId],
  backendOf: (id) => (id === 'plant' ? backend : undefined),
  sha256: sha256InHex,
  now,
  counter,
  recorder,
  onError: throwError,
})

const send = (line: string, as: string, address: string | null) =>
  sendCall(gateway, line, { as, address })

test('a key’s allowed addresses are checked before its permissions; the answer names the caller’s address', async () => {
  const from = (address: string | null, line = 'GET /plant/api/v5/clients', as = 'k-held:right') =>
    send(line, as, address)
  expect((await from('192.0.2.7')).status).toBe(200)
  expect((await from('2001:db8::7')).status).toBe(200)
  expect((await from('::ffff:192.0.2.7')).status).toBe(200)
  expect(await from('198.51.100.7')).toMatchObject({
    status: 403,
    outcome: 'refused',
    appId: 'k-held',
    json: {
      code: 'FORBIDDEN',
      message: expect.stringContaining('may not be used from 198.51.100.7'),
      address: '198.51.100.7',
      appId: 'k-held',
    },
  })
  expect((await from('198.51.100.7', 'PUT /plant/api/v5/rules/a')).text).not.toContain('PUT')
  expect((await from('198.51.100.7', 'GET /plant/api/v5/nope')).status).toBe(403)
  expect((await from(null)).status).toBe(403)
  expect((await from('198.51.100.7', undefined, 'k-held:wrong')).status).toBe(401)
  expect(forwarded).toBe(3)
})

test('each call of a known key is recorded once, by operation and outcome', async () => {
  const address = '198.51.100.7'
  const recordOf = async (line: string, as = 'k-list:right') => {
    recorder.clear()
    await send(line, as, address)
    expect(recorder.calls).toHaveLength(1)
    return recorder.calls[0]
  }
  const call = { appId: 'k-list', operation: 'GET /clients', address, oldSecretHash: null }
  const clients = 'GET /plant/api/v5/clients'
  const allowed = { ...call, outcome: 'allowed', deniedReason: null, at: expect.any(Date) }
  expect(await recordOf(clients)).toEqual(allowed)
  expect(await recordOf('HEAD /plant/api/v5/clients?a=b')).toMatchObject({ ...call })
  const rules = { operation: 'PUT /rules/{id}', outcome: 'allowed' }
  expect(await recordOf('PUT /plant/api/v5/rules/secret-name')).toMatchObject(rules)
  expect(await recordOf('GET /plant/api/v5/banned')).toMatchObject({
    operation: 'GET /banned',
    outcome: 'refused',
    deniedReason: 'notGranted',
  })
  const foreign = { operation: 'GET /clients', outcome: 'refused', deniedReason: 'address' }
  expect(await recordOf(clients, 'k-held:right')).toMatchObject(foreign)
  const notOffered = { operation: 'GET /rules', outcome: 'failed', deniedReason: null }
  expect(await recordOf('GET /plant/api/v5/rules', 'k-full:right')).toMatchObject(notOffered)
  expect(await recordOf('GET /closed/api/v5/clients', 'k-closed:right')).toMatchObject({
    outcome: 'failed',
  })
  // Nothing that a caller wrote is recorded: it could be a secret, and any number of texts.
  const none = { operation: '', outcome: 'refused', deniedReason: null }
  expect(await recordOf('GET /plant/api/v5/nope')).toMatchObject(none)
  expect(await recordOf('GET /plant/api/v5/clients/..')).toMatchObject(none)
  expect(await recordOf('GET /plant/api/clients')).toMatchObject(none)
  answer = async () => {
    throw new BackendUnavailable('timeout', 'late')
  }
  expect(await recordOf(clients)).toMatchObject({ ...call, outcome: 'failed' })
})

test('a call has one time, in the figures as in the record', async () => {
  // The clock advances at every reading.
  step = 1
  await send('GET /plant/api/v5/clients', 'k-full:right', null)
  expect(counter.lastAllowedAt('plant')).toEqual(recorder.calls[0]?.at)
})

test('a key of any deployment is identified by the same checks and rate limit', async () => {
  const ask = (pair: string, address: string | null = '192.0.2.7') => {
    const headers = { authorization: authorizationFor(pair) }
    return gateway.identifyKey({ headers, address })
  }
  const known = { outcome: 'known', deploymentId: 'cold', appId: 'k-cold' }
  expect(await ask('k-cold:right')).toEqual(known)
  expect(await ask('k-cold:old')).toEqual(known)
  const address = '198.51.100.7'
  expect(await ask('k-cold:right', address)).toEqual({ outcome: 'addressNotAllowed', address })
  expect(await ask('k-cold:right', null)).toEqual({ outcome: 'addressNotAllowed', address: null })

  const bad = { outcome: 'badCredentials' }
  expect(await gateway.identifyKey({ headers: {}, address: null })).toEqual(bad)
  expect(await ask('k-none:right')).toEqual(bad)
  for (let count = 0; count < KEY_POLICY.identity.free; count += 1) {
    expect(await ask('k-disabled:right')).toEqual(bad)
  }
  expect(await ask('k-disabled:right')).toEqual({ outcome: 'rateLimited', delay: 1000 })
  expect(recorder.refusedCredentials.at(0)).toMatchObject({ deploymentId: null, reason: 'unknown' })
  expect(recorder.refusedCredentials.at(-1)).toMatchObject({
    deploymentId: 'cold',
    reason: 'disabled',
  })
  expect(recorder.calls).toEqual([])
})
