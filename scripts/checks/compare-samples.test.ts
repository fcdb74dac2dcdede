import { expect, test } from 'vitest'
import { compareSamples, median, trimmed } from './compare-samples.ts'

/** Numbers from 0 up to 1 that are the same in every run (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const random = seeded(1)
const skewed = (shift: number) =>
  Array.from({ length: 800 }, () => shift - 10 * Math.log(1 - random()))

test('finds nothing between two samples of the same', () => {
  const { chance, interval, superiority } = compareSamples(skewed(0), skewed(0), random, 0.01)
  expect(chance).toBeGreaterThan(0.01)
  expect(interval[0]).toBeLessThan(0)
  expect(interval[1]).toBeGreaterThan(0)
  expect(superiority).toBeCloseTo(0.5, 1)
})

test('finds a small shift under much noise', () => {
  const { chance, difference, interval } = compareSamples(skewed(3), skewed(0), random, 0.01)
  expect(chance).toBeLessThan(0.001)
  expect(difference).toBeGreaterThan(0)
  expect(interval[0]).toBeGreaterThan(0)
})

test('counts ties as half, and has the figures of a worked example', () => {
  const { superiority, chance } = compareSamples([1, 2, 2, 3], [2, 2, 4, 5], random, 0.01)
  expect(superiority).toBeCloseTo(4 / 16, 10)
  // Ranks 1, 3.5, 3.5, 6 of ours: U is 4, its variance 10.571, and so z is 1.2302.
  expect(chance).toBeCloseTo(0.2186, 3)
})

test('the same values throughout can’t be told apart', () => {
  expect(compareSamples([7, 7], [7, 7], random, 0.01)).toMatchObject({
    difference: 0,
    superiority: 0.5,
  })
})

test('takes the median, and leaves out the late', () => {
  expect(median(Float64Array.of(3, 1, 2))).toBe(2)
  expect(median(Float64Array.of(4, 1, 2, 3))).toBe(2.5)
  expect(trimmed([5, 1, 9, 2, 3, 4, 6, 7, 8, 100], 0.1)).toEqual([5, 1, 9, 2, 3, 4, 6, 7, 8])
})
