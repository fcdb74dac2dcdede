import { describe, expect, test } from 'vitest'
import { dateFieldValue, expiresAt } from './expiry.ts'

const now = Date.parse('2026-11-23T12:00:00.000Z')

describe('expiresAt', () => {
  test('counts days from now', () => {
    expect(expiresAt('30', '', now)).toBe('2026-12-23T12:00:00.000Z')
    expect(expiresAt('365', '', now)).toBe('2027-11-23T12:00:00.000Z')
  })

  test('is null for never, and only for never', () => {
    expect(expiresAt('never', '2027-01-01', now)).toBeNull()
  })

  test('takes a chosen day to its end, in people’s own time zone', () => {
    const until = expiresAt('date', '2027-02-28', now)
    expect(new Date(until ?? '').getTime()).toBe(new Date(2027, 1, 28, 23, 59, 59, 999).getTime())
  })

  test('today still counts', () => {
    expect(expiresAt('date', dateFieldValue(now), now)).toBeTypeOf('string')
  })

  test.each(['', 'soon', '2026-11-22', '2026-13-01'])('takes no %j', (date) => {
    expect(expiresAt('date', date, now)).toBeUndefined()
  })
})
