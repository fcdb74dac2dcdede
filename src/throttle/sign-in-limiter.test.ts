import { afterEach, beforeEach, expect, test } from 'vitest'
import { sqliteDialect } from '../server/engines/sqlite/sqlite.ts'
import { openStore, type Store } from '../store/store.ts'
import { createThrottle, type Throttle } from './sign-in-limiter.ts'

let store: Store
let throttle: Throttle
let time: Date

beforeEach(async () => {
  store = await openStore({ dialect: sqliteDialect(':memory:'), sealingKey: new Uint8Array(32) })
  time = new Date('2026-11-23T12:00:00Z')
  throttle = createThrottle(store.signInGuesses, { secret: new Uint8Array(32), now: () => time })
})
afterEach(() => store.close())

function pass(seconds: number): void {
  time = new Date(time.getTime() + seconds * 1000)
}

/** Tries as often as it takes to be told to wait, then waits, and so on; gives the waits. */
async function waits(count: number, name: string, address: string): Promise<number[]> {
  const found: number[] = []
  while (found.length < count) {
    const wait = await throttle.count(name, address)
    if (wait === undefined) continue
    found.push(wait)
    pass(wait)
  }
  return found
}

test('five tries are free, then each wait is twice the one before, up to a quarter of an hour', async () => {
  const free = await Promise.all([1, 2, 3, 4, 5].map(() => throttle.count('ada', '192.0.2.1')))
  expect(free).toEqual(free.map(() => undefined))
  expect(await waits(12, 'ada', '192.0.2.1')).toEqual([
    1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900,
  ])
})

test('a try that comes too early is not counted, and is told how long is left', async () => {
  await waits(3, 'ada', '192.0.2.1')
  await throttle.count('ada', '192.0.2.1')
  expect(await throttle.count('ada', '192.0.2.1')).toBe(8)
  pass(5.5)
  expect(await throttle.count('ada', '192.0.2.1')).toBe(3)
  pass(2.5)
  expect(await throttle.count('ada', '192.0.2.1')).toBeUndefined()
})

test('many tries at once get no further than many after each other', async () => {
  const tries = Array.from({ length: 40 }, () => throttle.count('ada', '192.0.2.1'))
  const served = (await Promise.all(tries)).filter((wait) => wait === undefined)
  expect(served).toHaveLength(5)
})

test('who guesses keeps out neither the owner at another address nor others at this one', async () => {
  await waits(6, 'ada', '192.0.2.1')
  await throttle.count('ada', '192.0.2.1')
  expect(await throttle.count('ada', '192.0.2.1')).toBeGreaterThan(1)
  expect(await throttle.count('ada', '192.0.2.2')).toBeUndefined()
  expect(await throttle.count('grace', '192.0.2.1')).toBeUndefined()
})

test('an address that tries one name after another waits too, a minute at most', async () => {
  for (let name = 0; name < 50; name += 1) {
    expect(await throttle.count(`user${name}`, '2001:db8:1:2::1')).toBeUndefined()
  }
  // All of the /64 is one caller's.
  expect(await throttle.count('user50', '2001:db8:1:2:ffff::9')).toBe(1)
  expect(await throttle.count('user50', '2001:db8:1:3::1')).toBeUndefined()
  pass(1)
  const longest: (number | undefined)[] = []
  for (let round = 0; round < 10; round += 1) {
    await throttle.count(`more${round}`, '2001:db8:1:2::1')
    const wait = await throttle.count(`other${round}`, '2001:db8:1:2::1')
    longest.push(wait)
    pass(wait ?? 0)
  }
  expect(longest).toEqual([2, 4, 8, 16, 32, 60, 60, 60, 60, 60])
})

test('a right try is forgotten with the wrong ones before it, at its own name alone', async () => {
  for (let tries = 0; tries < 4; tries += 1) await throttle.count('ada', '192.0.2.1')
  await throttle.count('ada', '192.0.2.1')
  await throttle.forgive('ada', '192.0.2.1')
  for (let tries = 0; tries < 5; tries += 1) {
    expect(await throttle.count('ada', '192.0.2.1')).toBeUndefined()
  }
  // Nine less one count for the address: an account of one's own buys no guesses at others'.
  for (let name = 0; name < 41; name += 1) await throttle.count(`user${name}`, '192.0.2.1')
  expect(await throttle.count('last', '192.0.2.1')).toBe(1)
})

test('after an hour of peace all is forgotten, and nothing is kept of it', async () => {
  await waits(8, 'ada', '192.0.2.1')
  pass(3601)
  for (let tries = 0; tries < 5; tries += 1) {
    expect(await throttle.count('ada', '192.0.2.1')).toBeUndefined()
  }
  pass(3601)
  await throttle.count('grace', '192.0.2.9')
  const rows = await store.database.selectFrom('sign_in_guesses').selectAll().execute()
  expect(rows).toHaveLength(2)
})

test('what was typed as a name is not stored: it may be a password', async () => {
  await throttle.count('my-password-by-mistake', '192.0.2.1')
  const rows = await store.database.selectFrom('sign_in_guesses').selectAll().execute()
  expect(JSON.stringify(rows)).not.toMatch(/password|192\.0/)
})

test('a clock that is set back keeps nobody waiting for longer', async () => {
  await waits(3, 'ada', '192.0.2.1')
  await throttle.count('ada', '192.0.2.1')
  pass(-86_400)
  expect(await throttle.count('ada', '192.0.2.1')).toBe(8)
})
