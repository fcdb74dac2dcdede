import fc from 'fast-check'
import { expect, test } from 'vitest'
import { countTicks, PLOT_HEIGHT, timeLabels, valueScale } from './scales.ts'
import { stackBar } from './stack.ts'

test('the axis holds every value, at less than three times its height', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e9 }), (peak) => {
      const [, top = 0] = valueScale(peak).domain()
      expect(top).toBeGreaterThanOrEqual(peak)
      expect(top).toBeLessThanOrEqual(Math.max(2, peak * 2.5))
    }),
  )
})

test('its ticks are round and whole, from zero to its top', () => {
  const ticks = [0, 1, 3, 5, 42, 1205].map((peak) => countTicks(valueScale(peak)))
  expect(ticks).toEqual([
    [0, 1, 2],
    [0, 1, 2],
    [0, 1, 2, 3],
    [0, 2, 4, 6],
    [0, 20, 40, 60],
    [0, 500, 1000, 1500],
  ])
})

test('a bar is stacked from the bottom up, and has no room for what there is none of', () => {
  const scale = valueScale(100)
  expect(scale.domain()).toEqual([0, 100])
  expect(stackBar([50, 0, 25], scale)).toEqual([
    { series: 0, y: 50, height: 50 },
    { series: 2, y: 25, height: 25 },
  ])
  expect(stackBar([0, 0, 0], scale)).toEqual([])
})

test('one refused call among ten thousand can be seen, and nothing leaves the drawing', () => {
  const scale = valueScale(10_000)
  const [, refused] = stackBar([9999, 1, 0], scale)
  expect(refused?.height).toBeGreaterThan(1)
  expect(stackBar([10_000, 1, 1], scale).every(({ y }) => y >= 0)).toBe(true)
  expect(PLOT_HEIGHT).toBe(100)
})

test.each([24, 30, 90])('the axis of %i days has at most eight labels, all on it', (count) => {
  const labels = timeLabels(new Date('2026-01-01T00:00:00.000Z'), count, 'day')
  expect(labels.length).toBeGreaterThan(3)
  expect(labels.length).toBeLessThanOrEqual(8)
  expect(labels.every(({ at }) => Number.isInteger(at) && at >= 0 && at < count)).toBe(true)
})

test.each([1, 2, 3])('the axis of %i days has a label for each', (count) => {
  const labels = timeLabels(new Date('2026-01-01T00:00:00.000Z'), count, 'day')
  expect(labels.map(({ at }) => at)).toEqual([0, 1, 2].slice(0, count))
})

test('an axis of hours is labelled by the time, one of a week by its days', () => {
  const start = new Date('2026-11-23T10:00:00.000Z')
  const day = timeLabels(start, 24, 'hour')
  expect(day.length).toBeGreaterThan(3)
  expect(day.every(({ text }) => /^\d\d:00$/.test(text))).toBe(true)
  const week = timeLabels(start, 168, 'hour')
  expect(week).toHaveLength(7)
  expect(week.every(({ text }) => /^\d+ Nov$/.test(text))).toBe(true)
})
