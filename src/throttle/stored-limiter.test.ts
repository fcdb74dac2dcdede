import { createHmac } from 'node:crypto'
import { beforeEach, describe, expect, test } from 'vitest'
import { engines } from '../../test/harness/engines.ts'
import type { Store } from '../store/store.ts'
import { FailedAuthLimiter } from './failed-auth-limiter.ts'
import { KEY_POLICY, limiterKeys, SIGN_IN_POLICY } from './policy.ts'
import { StoredLimiter } from './stored-limiter.ts'

const keys = limiterKeys(['plant', 'k1'], '203.0.113.7')
const { free } = KEY_POLICY.identity

describe.each(engines)('On $name, the gateways of two servers', (engine) => {
  let store: Store
  let time: number
  let stored: StoredLimiter

  beforeEach(async () => {
    store = await engine.openEmpty()
    time = Date.parse('2026-11-23T12:00:00Z')
    const digest = (text: string) => createHmac('sha256', 'a secret').update(text).digest('hex')
    stored = new StoredLimiter({
      store: store.failedAttempts,
      policy: KEY_POLICY,
      digest,
      now: () => new Date(time),
    })
  })

  const startServer = () => new FailedAuthLimiter(() => new Date(time), stored)

  test('count failures together, with the delays of one', async () => {
    const [one, other] = [startServer(), startServer()]
    for (let count = 0; count < free; count += 1) {
      expect(await (count % 2 === 0 ? one : other).count(keys)).toBe(0)
    }
    expect(await one.count(keys)).toBe(1000)
    time += 400
    expect(await one.count(keys)).toBe(600)
    expect(await other.count(keys)).toBe(600)
    time += 600
    expect(await other.count(keys)).toBe(0)
    expect(await one.count(keys)).toBe(2000)
  })

  test('let simultaneous failures get no further than consecutive ones', async () => {
    const servers = Array.from({ length: 4 }, startServer)
    const delays = await Promise.all(
      servers.flatMap((server) => Array.from({ length: 8 }, () => server.count(keys))),
    )
    expect(delays.filter((delay) => delay === 0)).toHaveLength(free)
  })

  test('forget failures after a quarter of an hour, and leave those of sign-in alone', async () => {
    const signIn = new StoredLimiter({
      store: store.failedAttempts,
      policy: SIGN_IN_POLICY,
      digest: (text) => text,
      now: () => new Date(time),
    })
    for (let count = 0; count < SIGN_IN_POLICY.identity.free; count += 1) await signIn.count(keys)
    const server = startServer()
    for (let count = 0; count < free; count += 1) await server.count(keys)
    time += KEY_POLICY.forgottenAfter + 1
    expect(await startServer().count(keys)).toBe(0)
    expect(await startServer().count(keys)).toBe(0)
    await signIn.count(keys)
    expect((await signIn.count(keys)).identity).toBe(2000)
  })
})
