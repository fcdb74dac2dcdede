import fc from 'fast-check'
import { expect, test } from 'vitest'
import { axisLabels, axisTop, PLOT_HEIGHT, segmentsOf, spanText, sumOf } from './call-counts.ts'

const at = (start: string, allowed = 0, refused = 0, failed = 0) => ({
  start,
  allowed,
  refused,
  failed,
})
const days = (count: number) =>
  Array.from({ length: count }, (_, day) => at(new Date(Date.UTC(2026, 0, 1 + day)).toISOString()))

test('the axis holds every value, at less than three times its height', () => {
  expect([0, 1, 2, 3, 4, 5, 11, 21, 99, 101].map(axisTop)).toEqual([
    2, 2, 2, 4, 4, 10, 20, 40, 100, 200,
  ])
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e9 }), (peak) => {
      expect(axisTop(peak)).toBeGreaterThanOrEqual(peak)
      expect(axisTop(peak)).toBeLessThanOrEqual(Math.max(2, peak * 2.5))
    }),
  )
})

test('a bar is stacked from the bottom up, and has no room for what there is none of', () => {
  expect(segmentsOf(at('', 50, 0, 25), 100)).toEqual([
    { outcome: 'allowed', y: 50, height: 50 },
    { outcome: 'failed', y: 25, height: 25 },
  ])
  expect(segmentsOf(at(''), 100)).toEqual([])
})

test('one refused call among ten thousand can be seen, and nothing leaves the drawing', () => {
  const [, refused] = segmentsOf(at('', 9999, 1), 10_000)
  expect(refused?.height).toBeGreaterThan(1)
  expect(segmentsOf(at('', 10_000, 1, 1), 10_000).every(({ y }) => y >= 0)).toBe(true)
  expect(PLOT_HEIGHT).toBe(100)
})

test('sums by outcome', () => {
  expect(sumOf([at('', 1, 2, 3), at('', 10, 20, 30)])).toEqual({
    allowed: 11,
    refused: 22,
    failed: 33,
  })
})

test('days are called by their date in UTC', () => {
  expect(spanText('2026-11-23T00:00:00.000Z', 'day')).toBe('Mon 23 Nov')
  expect(spanText('2026-11-23T14:00:00.000Z', 'hour')).toMatch(/, \d\d:00 to \d\d:00$/)
})

test.each([24, 30, 90])('the axis of %i days has at most seven labels, one at its end', (count) => {
  const labels = axisLabels(days(count), 'day')
  expect(labels.length).toBeLessThanOrEqual(7)
  expect(labels.at(-1)?.at).toBe(count - 1)
})
