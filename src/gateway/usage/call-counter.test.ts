import { expect, test } from 'vitest'
import { CallCounter } from './call-counter.ts'

test('gives the calls of the last full minute by outcome, and the last allowed one', () => {
  let time = 0
  const now = () => new Date(time)
  const counter = new CallCounter(now)
  counter.add('plant', 'allowed', now())
  counter.add('plant', 'allowed', now())
  counter.add('plant', 'refused', now())
  counter.add('other', 'refused', now())
  time = 3000
  counter.add('plant', 'failed', now())
  time = 4000
  const { perMinute, series } = counter.apiCalls('plant')
  expect(perMinute).toEqual({ allowed: 2, refused: 1, failed: 1 })
  expect(series.slice(-2)).toEqual([3, 1])
  expect(counter.lastAllowedAt('plant')).toEqual(new Date(0))
  expect(counter.lastAllowedAt('other')).toBe(null)
  time = 62_000
  expect(counter.apiCalls('plant').perMinute).toEqual({ allowed: 0, refused: 0, failed: 1 })
})

test('knows nothing of a deployment it never saw, or that was removed', () => {
  const now = () => new Date(0)
  const counter = new CallCounter(now)
  expect(counter.apiCalls('plant').perMinute).toEqual({ allowed: 0, refused: 0, failed: 0 })
  counter.add('plant', 'allowed', now())
  counter.forget('plant')
  expect(counter.lastAllowedAt('plant')).toBe(null)
})
