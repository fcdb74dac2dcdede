import { expect, test } from 'vitest'
import { sparklinePoints } from './sparkline.tsx'

test('the newest value stands at the right edge, a short series starts further right', () => {
  const points = sparklinePoints([1, 2, 3], 5)
  expect(points.map(({ x }) => x)).toEqual([50, 75, 100])
})

test('the peak is on top and zero at the bottom', () => {
  const [low, high] = sparklinePoints([0, 8], 2)
  expect(low?.y).toBe(27)
  expect(high?.y).toBe(3)
})

test('nothing but zeros is a line at the bottom', () => {
  expect(sparklinePoints([0, 0], 2).map(({ y }) => y)).toEqual([27, 27])
})

test('only the newest slots are drawn', () => {
  expect(sparklinePoints([9, 1, 1], 2)).toEqual(sparklinePoints([1, 1], 2))
})
