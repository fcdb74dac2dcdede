import { expect, test } from 'vitest'
import { sumCalls } from './call-counts.ts'

test('sums by outcome', () => {
  const start = ''
  expect(
    sumCalls([
      { start, allowed: 1, refused: 2, failed: 3 },
      { start, allowed: 10, refused: 20, failed: 30 },
    ]),
  ).toEqual({ allowed: 11, refused: 22, failed: 33 })
})
