import { expect, test } from 'vitest'
import {
  formatAgo,
  formatDuration,
  formatFigure,
  formatLeft,
  formatQuantity,
  formatRate,
} from './format.ts'

const NOW = Date.parse('2026-11-23T12:00:00Z')
const secondsAgo = (seconds: number) => new Date(NOW - seconds * 1000).toISOString()

test.each([
  [-5, 'Just now'],
  [1, 'Just now'],
  [8, '8 s ago'],
  [59, '59 s ago'],
  [60, '1 min ago'],
  [3600, '1 h ago'],
  [86_400, '1 d ago'],
  [41 * 86_400 + 3, '41 d ago'],
])('%i seconds back is “%s”', (seconds, text) => {
  expect(formatAgo(secondsAgo(seconds), NOW)).toBe(text)
})

test.each([
  [30, 'less than a minute'],
  [90, '1 minute'],
  [7200, '2 hours'],
  [41 * 86_400, '41 days'],
])('lasting %i seconds is “%s”', (seconds, text) => {
  expect(formatDuration(secondsAgo(seconds), NOW)).toBe(text)
})

test('small rates keep a decimal, large ones don’t', () => {
  expect([0, 0.5, 9.96, 1906.4].map(formatRate)).toEqual(['0', '0.5', '10', '1,906'])
})

test('figures are exact until they grow too wide', () => {
  expect([1284, 99_999, 100_000, 1_284_310].map(formatFigure)).toEqual([
    '1,284',
    '99,999',
    '100K',
    '1.28M',
  ])
})

test('a quantity agrees with its noun', () => {
  expect([0, 1, 1284].map((count) => formatQuantity(count, 'key'))).toEqual([
    '0 keys',
    '1 key',
    '1,284 keys',
  ])
})

test('what is left is never said to be less than it is', () => {
  const now = Date.parse('2026-11-23T12:00:00.000Z')
  const left = (seconds: number) => formatLeft(new Date(now + seconds * 1000).toISOString(), now)
  expect(left(-5)).toBe('1 min')
  expect(left(61)).toBe('2 min')
  expect(left(3600)).toBe('60 min')
  expect(left(3601)).toBe('2 h')
  expect(left(47.5 * 3600)).toBe('48 h')
  expect(left(4.1 * 86_400)).toBe('5 d')
})
