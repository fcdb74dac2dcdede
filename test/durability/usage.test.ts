import { expect, test } from 'vitest'
import { compareUsage } from '../harness/usage-load.ts'

// Many more by `npm run check:usage`.
const CALLS = 2000
const KEYS = 50

test('what is recorded is exactly what was called, by key, operation, outcome and address', async () => {
  const { made, recorded } = await compareUsage(CALLS, KEYS)
  expect(recorded).toEqual(made)
  const calls = Object.entries(recorded).filter(([name]) => !name.includes(' from '))
  expect(calls.reduce((sum, [, count]) => sum + count, 0)).toBe(CALLS)
}, 60_000)
