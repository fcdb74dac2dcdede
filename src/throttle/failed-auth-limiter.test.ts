import fc from 'fast-check'
import { beforeEach, expect, test } from 'vitest'
import { FREE_GUESSES, GuessGuard } from './failed-auth-limiter.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND

let time: number
let guard: GuessGuard

beforeEach(() => {
  time = Date.parse('2026-03-01T12:00:00Z')
  guard = new GuessGuard(() => new Date(time))
})

const guess = (appId = 'k1', address: string | null = '203.0.113.7', deploymentId = 'plant') =>
  guard.waitAfterGuess(deploymentId, appId, address)

/** Guesses as often as costs nothing, and with the last one starts the first wait. */
function useUp(appId = 'k1', address: string | null = '203.0.113.7'): number[] {
  return Array.from({ length: FREE_GUESSES.ofAppId }, () => guess(appId, address))
}

test('some guesses are free, then each costs a wait twice as long, up to five minutes', () => {
  expect(useUp()).toEqual(Array(FREE_GUESSES.ofAppId).fill(0))
  const waits: number[] = []
  for (let round = 0; round < 12; round += 1) {
    const wait = guess()
    waits.push(wait / SECOND)
    time += wait
    expect(guess()).toBe(0)
  }
  expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300])
})

test('guessing during a wait makes it no longer, and a wait ends to the millisecond', () => {
  useUp()
  time += 400
  expect([guess(), guess(), guess()]).toEqual([600, 600, 600])
  time += 599
  expect(guess()).toBe(1)
  time += 1
  expect(guess()).toBe(0)
})

test('another address, App ID or deployment isn’t slowed down', () => {
  useUp()
  expect(guess()).toBeGreaterThan(0)
  expect(guess('k1', '203.0.113.8')).toBe(0)
  expect(guess('k2')).toBe(0)
  expect(guess('k1', '203.0.113.7', 'cold')).toBe(0)
})

test('an App ID with the separators of another place in it is an App ID of its own', () => {
  guard = new GuessGuard(() => new Date(time))
  for (let count = 0; count < FREE_GUESSES.ofAppId; count += 1) guess('b c', '1.2.3.4', 'a')
  expect(guess('c', '1.2.3.4', 'a b')).toBe(0)
})

test('addresses of one IPv6 network are one guesser', () => {
  useUp('k1', '2001:db8::1')
  expect(guess('k1', '2001:db8::2')).toBeGreaterThan(0)
  expect(guess('k1', '2001:db8:0:1::2')).toBe(0)
})

test('where no address is known, all share one', () => {
  useUp('k1', null)
  expect(guess('k1', null)).toBeGreaterThan(0)
  expect(guess('k1', '203.0.113.7')).toBe(0)
})

test('scanning over App IDs slows the address down, for every App ID and deployment', () => {
  for (let at = 0; at < FREE_GUESSES.ofAddress; at += 1) expect(guess(`k${at}`)).toBe(0)
  expect(guess('k-other', '203.0.113.7', 'cold')).toBe(SECOND)
  expect(guess('k-other', '203.0.113.8')).toBe(0)
})

test('quiet for a quarter of an hour, and all is forgotten', () => {
  useUp()
  time += 15 * MINUTE - 1
  expect(guess()).toBe(0)
  expect(guess()).toBe(2 * SECOND)
  time += 15 * MINUTE
  expect(useUp()).toEqual(Array(FREE_GUESSES.ofAppId).fill(0))
})

test('a clock that is set back makes no wait longer than the longest', () => {
  useUp()
  time -= 24 * 60 * MINUTE
  expect(guess()).toBe(5 * MINUTE)
})

test('a scan over any number of App IDs from one address is remembered in little space', () => {
  for (let at = 0; at < 100_000; at += 1) guess(`k${at}`)
  expect(guard.size).toBeLessThan(FREE_GUESSES.ofAddress + 10)
})

test('memory is bounded, and a flood of addresses makes no slowed guesser free again', () => {
  useUp()
  const wait = guess()
  for (let at = 0; at < 100_000; at += 1) guess(`k${at % 7}`, `2001:db8:${at.toString(16)}::1`)
  for (let at = 0; at < 100_000; at += 1)
    guess('k1', `10.${at >> 16}.${(at >> 8) & 255}.${at & 255}`)
  expect(guard.size).toBeLessThanOrEqual(40_000)
  expect(guess()).toBe(wait)
})

/** The rules once more, without a thought for memory: from all that was counted. */
class Model {
  readonly #counted: { who: string; at: number }[] = []

  waitAfter(whos: { who: string; free: number }[], now: number): number {
    const wait = Math.max(...whos.map(({ who, free }) => this.#wait(who, free, now)))
    if (wait === 0) for (const { who } of whos) this.#counted.push({ who, at: now })
    return wait
  }

  #wait(who: string, free: number, now: number): number {
    let guesses = 0
    let last = -Infinity
    for (const { at } of this.#counted.filter((one) => one.who === who)) {
      guesses = at - last >= 15 * MINUTE ? 1 : guesses + 1
      last = at
    }
    if (guesses < free) return 0
    const whole = Math.min(SECOND * 2 ** (guesses - free), 5 * MINUTE)
    return Math.max(0, last + whole - now)
  }
}

test('does what its rules say, whoever guesses when', () => {
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
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      let now = 0
      const guarded = new GuessGuard(() => new Date(now))
      const model = new Model()
      for (const { appId, address, times, pause } of steps) {
        now += pause
        for (let count = 0; count < times; count += 1) {
          const whos = [
            { who: `${appId} ${address}`, free: FREE_GUESSES.ofAppId },
            { who: address, free: FREE_GUESSES.ofAddress },
          ]
          const expected = model.waitAfter(whos, now)
          expect(guarded.waitAfterGuess('plant', appId, address)).toBe(expected)
        }
      }
    }),
  )
})
