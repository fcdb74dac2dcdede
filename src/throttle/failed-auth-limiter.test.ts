import fc from 'fast-check'
import { beforeEach, expect, test } from 'vitest'
import { FailedAuthLimiter } from './failed-auth-limiter.ts'
import { KEY_POLICY, limiterKeys } from './policy.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND

let time: number
let limiter: FailedAuthLimiter

beforeEach(() => {
  time = Date.parse('2026-03-01T12:00:00Z')
  limiter = new FailedAuthLimiter(() => new Date(time))
})

const fail = (appId = 'k1', address: string | null = '203.0.113.7', deploymentId = 'plant') =>
  limiter.count(limiterKeys([deploymentId, appId], address))

/** Uses the free attempts; the last one starts the first delay. */
function useUp(appId = 'k1', address: string | null = '203.0.113.7'): Promise<number[]> {
  return Promise.all(Array.from({ length: KEY_POLICY.identity.free }, () => fail(appId, address)))
}

test('some attempts are free, then each costs a delay twice as long, up to five minutes', async () => {
  expect(await useUp()).toEqual(Array(KEY_POLICY.identity.free).fill(0))
  const delays: number[] = []
  for (let round = 0; round < 12; round += 1) {
    const delay = await fail()
    delays.push(delay / SECOND)
    time += delay
    expect(await fail()).toBe(0)
  }
  expect(delays).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300])
})

test('attempts during a delay make it no longer, and it ends to the millisecond', async () => {
  await useUp()
  time += 400
  expect([await fail(), await fail(), await fail()]).toEqual([600, 600, 600])
  time += 599
  expect(await fail()).toBe(1)
  time += 1
  expect(await fail()).toBe(0)
})

test('another address, App ID or deployment isn’t slowed down', async () => {
  await useUp()
  expect(await fail()).toBeGreaterThan(0)
  expect(await fail('k1', '203.0.113.8')).toBe(0)
  expect(await fail('k2')).toBe(0)
  expect(await fail('k1', '203.0.113.7', 'cold')).toBe(0)
})

test('an App ID that contains separators isn’t taken for another', async () => {
  for (let count = 0; count < KEY_POLICY.identity.free; count += 1) {
    await fail('b c', '1.2.3.4', 'a')
  }
  expect(await fail('c', '1.2.3.4', 'a b')).toBe(0)
})

test('the addresses of one IPv6 network count together', async () => {
  await useUp('k1', '2001:db8::1')
  expect(await fail('k1', '2001:db8::2')).toBeGreaterThan(0)
  expect(await fail('k1', '2001:db8:0:1::2')).toBe(0)
})

test('where no address is known, all share one', async () => {
  await useUp('k1', null)
  expect(await fail('k1', null)).toBeGreaterThan(0)
  expect(await fail('k1', '203.0.113.7')).toBe(0)
})

test('scanning over App IDs slows the address down, for every App ID and deployment', async () => {
  for (let at = 0; at < KEY_POLICY.network.free; at += 1) expect(await fail(`k${at}`)).toBe(0)
  expect(await fail('k-other', '203.0.113.7', 'cold')).toBe(SECOND)
  expect(await fail('k-other', '203.0.113.8')).toBe(0)
})

test('after a quarter of an hour without a failure all is forgotten', async () => {
  await useUp()
  time += 15 * MINUTE - 1
  expect(await fail()).toBe(0)
  expect(await fail()).toBe(2 * SECOND)
  time += 15 * MINUTE
  expect(await useUp()).toEqual(Array(KEY_POLICY.identity.free).fill(0))
})

test('a clock that is set back makes no delay longer than the longest', async () => {
  await useUp()
  time -= 24 * 60 * MINUTE
  expect(await fail()).toBe(5 * MINUTE)
})

test('a scan over any number of App IDs from one address takes little memory', async () => {
  for (let at = 0; at < 100_000; at += 1) await fail(`k${at}`)
  expect(limiter.size).toBeLessThan(KEY_POLICY.network.free + 10)
})

test('memory is bounded, and a flood of addresses resets nobody’s delay', async () => {
  await useUp()
  const delay = await fail()
  for (let at = 0; at < 100_000; at += 1) await fail(`k${at % 7}`, `2001:db8:${at.toString(16)}::1`)
  for (let at = 0; at < 100_000; at += 1) {
    await fail('k1', `10.${at >> 16}.${(at >> 8) & 255}.${at & 255}`)
  }
  expect(limiter.size).toBeLessThanOrEqual(40_000)
  expect(await fail()).toBe(delay)
})

/** The rules once more, without bounded memory: from all that was counted. */
class Model {
  readonly #counted: { key: string; at: number }[] = []

  count(keys: { key: string; free: number }[], now: number): number {
    const delay = Math.max(...keys.map(({ key, free }) => this.#delay(key, free, now)))
    if (delay === 0) for (const { key } of keys) this.#counted.push({ key, at: now })
    return delay
  }

  #delay(key: string, free: number, now: number): number {
    let failures = 0
    let last = -Infinity
    for (const { at } of this.#counted.filter((one) => one.key === key)) {
      failures = at - last >= 15 * MINUTE ? 1 : failures + 1
      last = at
    }
    if (failures < free) return 0
    const whole = Math.min(SECOND * 2 ** (failures - free), 5 * MINUTE)
    return Math.max(0, last + whole - now)
  }
}

test('does what its rules say, whoever fails when', async () => {
  const step = fc.record({
    appId: fc.constantFrom('k1', 'k2', 'k3'),
    address: fc.constantFrom('10.0.0.1', '10.0.0.2'),
    times: fc.integer({ min: 1, max: 60 }),
    pause: fc.oneof(
      fc.nat(3 * SECOND),
      fc.constantFrom(0, SECOND, 15 * MINUTE - 1, 15 * MINUTE),
      fc.nat(20 * MINUTE),
    ),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      let now = 0
      const tested = new FailedAuthLimiter(() => new Date(now))
      const model = new Model()
      for (const { appId, address, times, pause } of steps) {
        now += pause
        for (let count = 0; count < times; count += 1) {
          const keys = [
            { key: `${appId} ${address}`, free: KEY_POLICY.identity.free },
            { key: address, free: KEY_POLICY.network.free },
          ]
          const expected = model.count(keys, now)
          expect(await tested.count(limiterKeys(['plant', appId], address))).toBe(expected)
        }
      }
    }),
  )
})
