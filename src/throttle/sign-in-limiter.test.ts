import { createHmac } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { sqliteDialect } from '../server/engines/sqlite/sqlite.ts'
import { openStore, type Store } from '../store/store.ts'
import { createSignInLimiter, type SignInLimiter } from './sign-in-limiter.ts'

let store: Store
let limiter: SignInLimiter
let time: Date

beforeEach(async () => {
  store = await openStore({ dialect: sqliteDialect(':memory:'), encryptionKey: new Uint8Array(32) })
  time = new Date('2026-11-23T12:00:00Z')
  limiter = createSignInLimiter(store.failedAttempts, {
    digest: (text) => createHmac('sha256', 'a secret').update(text).digest('base64url'),
    now: () => time,
  })
})
afterEach(() => store.close())

function pass(seconds: number): void {
  time = new Date(time.getTime() + seconds * 1000)
}

/** Tries until it is delayed, waits that long, and so on; gives the delays in seconds. */
async function delays(count: number, name: string, address: string): Promise<number[]> {
  const found: number[] = []
  while (found.length < count) {
    const delay = await limiter.count(name, address)
    if (delay === undefined) continue
    found.push(delay)
    pass(delay)
  }
  return found
}

test('five tries are free, then each delay is twice the one before, up to a quarter of an hour', async () => {
  const free = await Promise.all([1, 2, 3, 4, 5].map(() => limiter.count('ada', '192.0.2.1')))
  expect(free).toEqual(free.map(() => undefined))
  expect(await delays(12, 'ada', '192.0.2.1')).toEqual([
    1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900,
  ])
})

test('a try during a delay is not counted, and learns how long is left', async () => {
  await delays(3, 'ada', '192.0.2.1')
  await limiter.count('ada', '192.0.2.1')
  expect(await limiter.count('ada', '192.0.2.1')).toBe(8)
  pass(5.5)
  expect(await limiter.count('ada', '192.0.2.1')).toBe(3)
  pass(2.5)
  expect(await limiter.count('ada', '192.0.2.1')).toBeUndefined()
})

test('many tries at once get no further than many after each other', async () => {
  const tries = Array.from({ length: 40 }, () => limiter.count('ada', '192.0.2.1'))
  const served = (await Promise.all(tries)).filter((wait) => wait === undefined)
  expect(served).toHaveLength(5)
})

test('failures keep out neither the owner at another address nor others at this one', async () => {
  await delays(6, 'ada', '192.0.2.1')
  await limiter.count('ada', '192.0.2.1')
  expect(await limiter.count('ada', '192.0.2.1')).toBeGreaterThan(1)
  expect(await limiter.count('ada', '192.0.2.2')).toBeUndefined()
  expect(await limiter.count('grace', '192.0.2.1')).toBeUndefined()
})

test('an address that tries one name after another waits too, a minute at most', async () => {
  for (let name = 0; name < 50; name += 1) {
    expect(await limiter.count(`user${name}`, '2001:db8:1:2::1')).toBeUndefined()
  }
  // The whole /64 counts as one network.
  expect(await limiter.count('user50', '2001:db8:1:2:ffff::9')).toBe(1)
  expect(await limiter.count('user50', '2001:db8:1:3::1')).toBeUndefined()
  pass(1)
  const longest: (number | undefined)[] = []
  for (let round = 0; round < 10; round += 1) {
    await limiter.count(`more${round}`, '2001:db8:1:2::1')
    const delay = await limiter.count(`other${round}`, '2001:db8:1:2::1')
    longest.push(delay)
    pass(delay ?? 0)
  }
  expect(longest).toEqual([2, 4, 8, 16, 32, 60, 60, 60, 60, 60])
})

test('a success resets the failures of its own name alone', async () => {
  for (let tries = 0; tries < 4; tries += 1) await limiter.count('ada', '192.0.2.1')
  await limiter.count('ada', '192.0.2.1')
  await limiter.forgive('ada', '192.0.2.1')
  for (let tries = 0; tries < 5; tries += 1) {
    expect(await limiter.count('ada', '192.0.2.1')).toBeUndefined()
  }
  // Nine minus one count for the address: an account buys no attempts at other people's.
  for (let name = 0; name < 41; name += 1) await limiter.count(`user${name}`, '192.0.2.1')
  expect(await limiter.count('last', '192.0.2.1')).toBe(1)
})

test('after an hour without a try all is forgotten, and its rows are deleted', async () => {
  await delays(8, 'ada', '192.0.2.1')
  pass(3601)
  for (let tries = 0; tries < 5; tries += 1) {
    expect(await limiter.count('ada', '192.0.2.1')).toBeUndefined()
  }
  pass(3601)
  await limiter.count('grace', '192.0.2.9')
  const rows = await store.database.selectFrom('failed_attempts').selectAll().execute()
  expect(rows).toHaveLength(2)
})

test('what was typed as a name is not stored: it may be a password', async () => {
  await limiter.count('my-password-by-mistake', '192.0.2.1')
  const rows = await store.database.selectFrom('failed_attempts').selectAll().execute()
  expect(JSON.stringify(rows)).not.toMatch(/password|192\.0/)
})

test('a clock that is set back keeps nobody waiting for longer', async () => {
  await delays(3, 'ada', '192.0.2.1')
  await limiter.count('ada', '192.0.2.1')
  pass(-86_400)
  expect(await limiter.count('ada', '192.0.2.1')).toBe(8)
})
