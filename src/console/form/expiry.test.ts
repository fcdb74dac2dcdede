import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { chooseExpiry, toExpiry, expiryText, neverExpires, typeExpiry } from './expiry.ts'

const now = Date.parse('2026-11-23T12:00:30.250Z')

describe('a chosen expiry', () => {
  it('is never, or days from now to the millisecond', () => {
    expect(chooseExpiry('never', toExpiry('2027-01-01T00:00:00.000Z'), now)).toEqual(neverExpires)
    expect(chooseExpiry('30', neverExpires, now).at).toBe('2026-12-23T12:00:30.250Z')
    expect(chooseExpiry('180', neverExpires, now).at).toBe('2027-05-22T12:00:30.250Z')
  })

  it('becomes a date and time to start from', () => {
    const moment = chooseExpiry('moment', chooseExpiry('90', neverExpires, now), now)
    expect(moment).toMatchObject({ choice: 'moment', at: '2027-02-21T12:00:00.000Z' })
    expect(chooseExpiry('moment', neverExpires, now)).toMatchObject({
      at: undefined,
      problem: 'Choose a date and a time.',
    })
  })
})

test('a time that has passed is refused in words, to the minute of now', () => {
  const local = (time: number) => {
    const { text } = chooseExpiry('moment', toExpiry(new Date(time).toISOString()), 0)
    return typeExpiry(text, now)
  }
  expect(local(now)).toMatchObject({ at: undefined, problem: expect.stringMatching(/has passed/) })
  expect(local(now + 60_000).at).toBe('2026-11-23T12:01:00.000Z')
})

test('a key keeps the expiry it has, to the millisecond, until someone touches it', () => {
  fc.assert(
    fc.property(fc.date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true }), (date) => {
      const { at, problem } = toExpiry(date.toISOString())
      expect(at).toBe(date.toISOString())
      expect(problem).toBeUndefined()
    }),
  )
})

test('says when it ends or ended, with the zone', () => {
  expect(expiryText(null, now)).toBe('Never expires')
  expect(expiryText('2027-02-21T12:00:00.000Z', now)).toMatch(
    /^Expires 2\d Feb 2027, \d\d:\d\d \S+$/,
  )
  expect(expiryText('2025-02-21T12:00:00.000Z', now)).toMatch(/^Expired /)
})
