import { expect, test } from 'vitest'
import { formatSpan } from './format-span.ts'

test('days are called by their date in UTC', () => {
  expect(formatSpan('2026-11-23T00:00:00.000Z', 'day')).toBe('Mon 23 Nov')
  expect(formatSpan('2026-11-23T14:00:00.000Z', 'hour')).toMatch(/, \d\d:00 to \d\d:00$/)
})
