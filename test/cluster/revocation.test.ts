import { expect, test } from 'vitest'
import { raceRevocations } from '../harness/revocation-races.ts'
import { startPair } from '../harness/servers.ts'

test('no call that began after a confirmed revocation gets through, on either of two servers', async () => {
  const pair = await startPair({ LOG_LEVEL: 'error', TRUSTED_PROXIES: '127.0.0.1' })
  const { one, other } = pair
  const figures = await raceRevocations({
    servers: [one.url, other.url],
    token: await one.token(),
    races: 40,
    atOnce: 8,
  })
  expect(figures.violations).toEqual([])
  expect(figures.races).toEqual({ delete: 10, disable: 10, narrow: 10, rotate: 10 })
  expect(figures.refusedAfter).toBe(40 * 2 * 2)
  expect(figures.allowedBefore).toBeGreaterThan(0)
  await pair.stop()
})
