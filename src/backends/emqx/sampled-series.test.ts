import { expect, test } from 'vitest'
import { SampledSeries } from './sampled-series.ts'

test('holds a value over a short pause, and starts anew after a long one', () => {
  let time = 0
  const series = new SampledSeries(() => new Date(time))
  const add = (at: number, value: number) => {
    time = at * 1000
    series.add(value)
    return series.values()
  }
  expect(series.values()).toEqual([])
  expect(add(0, 1)).toEqual([1])
  expect(add(1, 2)).toEqual([2])
  expect(add(2, 3)).toEqual([2, 3])
  expect(add(8, 4)).toEqual([2, 3, 3, 3, 4])
  expect(add(18, 5)).toEqual([2, 3, 3, 3, 4, 4, 4, 4, 4, 5])
  expect(add(30, 6)).toEqual([6])
  expect(add(0, 7)).toEqual([7])
})

test('keeps as many slots as a chart has', () => {
  let time = 0
  const series = new SampledSeries(() => new Date(time))
  for (let sample = 0; sample < 100; sample += 1) {
    time = sample * 2000
    series.add(sample)
  }
  expect(series.values()).toHaveLength(60)
  expect(series.values().at(-1)).toBe(99)
})
