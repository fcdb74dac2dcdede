import { describe, expect, it, test } from 'vitest'
import {
  APP_ID,
  APP_SECRET,
  basicAuthorization,
  newAppId,
  newAppSecret,
  type RandomBytes,
} from './credentials.ts'

/** The same bytes on every run (xorshift32); even enough to count characters by. */
function seededBytes(seed: number): RandomBytes {
  let state = seed
  return (length) =>
    Uint8Array.from({ length }, () => {
      state ^= state << 13
      state ^= state >>> 17
      state ^= state << 5
      return state & 0xff
    })
}

/**
 * Pearson's chi-square of characters against an even spread. With n characters it is n - 1 on
 * average; more than twice that practically never happens for these n by chance alone.
 */
function unevenness(characters: string, alphabetSize: number): number {
  const counts = Object.values(Object.groupBy([...characters], (one) => one))
  expect(counts).toHaveLength(alphabetSize)
  const expected = characters.length / alphabetSize
  return counts.reduce((sum, one) => sum + ((one?.length ?? 0) - expected) ** 2 / expected, 0)
}

describe('an App ID', () => {
  it('is k and 11 hex digits', () => {
    const random = seededBytes(1)
    for (let made = 0; made < 200; made += 1) expect(newAppId(random)).toMatch(APP_ID)
    expect(newAppId((length) => new Uint8Array(length))).toBe('k00000000000')
    expect(newAppId((length) => new Uint8Array(length).fill(0x0f))).toBe('k0f0f0f0f0f0')
  })

  it('has every digit as often as any other', () => {
    const random = seededBytes(2)
    const digits = Array.from({ length: 3000 }, () => newAppId(random).slice(1)).join('')
    expect(unevenness(digits, 16)).toBeLessThan(2 * 15)
  })

  it.each(['', 'k0123456789', 'k0123456789ab', 'K0123456789a', 'k0123456789A', 'k0123456789a\n'])(
    'is not %j',
    (text) => expect(text).not.toMatch(APP_ID),
  )
})

describe('an App Secret', () => {
  it('is lks_ and 40 letters and digits', () => {
    const random = seededBytes(3)
    for (let made = 0; made < 200; made += 1) expect(newAppSecret(random)).toMatch(APP_SECRET)
  })

  it('has every character as often as any other', () => {
    const random = seededBytes(4)
    const characters = Array.from({ length: 2000 }, () => newAppSecret(random).slice(4)).join('')
    expect(unevenness(characters, 62)).toBeLessThan(2 * 61)
  })

  it('skips the bytes that would favour some characters', () => {
    const asked: number[] = []
    const mostlyTooLarge: RandomBytes = (length) => {
      asked.push(length)
      return Uint8Array.from({ length }, (_, index) =>
        index % 4 === 0 ? index : 248 + (index % 8),
      )
    }
    const ten = '048CGKOSWa'
    expect(newAppSecret(mostlyTooLarge)).toBe(`lks_${ten}${ten}${ten}${ten}`)
    expect(asked).toHaveLength(4)
  })

  it.each(['', `lks_${'a'.repeat(39)}`, `lks_${'a'.repeat(41)}`, `lks-${'a'.repeat(40)}`])(
    'is not %j',
    (text) => expect(text).not.toMatch(APP_SECRET),
  )
})

test('the Authorization header is that of HTTP Basic', () => {
  // The example of RFC 7617, section 2.
  expect(basicAuthorization('Aladdin', 'open sesame')).toBe('Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==')
  const random = seededBytes(5)
  const [appId, appSecret] = [newAppId(random), newAppSecret(random)]
  const [scheme, credentials] = basicAuthorization(appId, appSecret).split(' ')
  expect(scheme).toBe('Basic')
  expect(Buffer.from(credentials ?? '', 'base64').toString()).toBe(`${appId}:${appSecret}`)
})
