import { Buffer } from 'node:buffer'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { basicAuthorization } from '../contract/keys/credentials.ts'
import { parseBasicCredentials } from './basic-credentials.ts'

const encode = (text: string | Uint8Array) => Buffer.from(text).toString('base64')

const latin1 = fc.nat(255).map((code) => String.fromCharCode(code))
const printable = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
  .filter((text) => !/\p{Cc}/u.test(text) && text.isWellFormed())
const appIds = printable.filter((text) => !text.includes(':') && text.length <= 64)

test('reads back every App ID and App Secret that it was given', () => {
  fc.assert(
    fc.property(appIds, printable, (appId, appSecret) => {
      const read = parseBasicCredentials(`Basic ${encode(`${appId}:${appSecret}`)}`)
      expect(read).toEqual({ appId, appSecret })
    }),
  )
  const ours = basicAuthorization('k0123456789a', `lks_${'Z'.repeat(40)}`)
  expect(parseBasicCredentials(ours)?.appId).toBe('k0123456789a')
})

test('takes the scheme in any case, and a colon in the secret', () => {
  expect(parseBasicCredentials(`bAsIC ${encode('a:b:c')}`)).toEqual({
    appId: 'a',
    appSecret: 'b:c',
  })
})

test('refuses whatever is not exactly one pair of credentials', () => {
  const good = encode('app:secret')
  const refused = [
    undefined,
    '',
    'Basic',
    'Basic ',
    `Bearer ${good}`,
    `Digest ${good}`,
    good,
    ` Basic ${good}`,
    `Basic ${good} `,
    `Basic\t${good}`,
    `Basic ${good}, Basic ${good}`,
    `Basic ${good}=`,
    `Basic ${good.slice(0, -1)}`,
    `Basic =${good}`,
    `Basic ${good.replace('=', '-')}`,
    'Basic YTpiZR==',
    'Basic YTpi_w==',
    `Basic ${encode('no colon')}`,
    `Basic ${encode(':secret')}`,
    `Basic ${encode('app:')}`,
    `Basic ${encode('app:sec\nret')}`,
    `Basic ${encode('a\u0000b:secret')}`,
    `Basic ${encode('app:sec\u0085ret')}`,
    `Basic ${encode(Uint8Array.of(0x61, 0x3a, 0xff))}`,
    `Basic ${encode(Uint8Array.of(0x61, 0x3a, 0xc0, 0xaf))}`,
    `Basic ${encode(`${'a'.repeat(65)}:secret`)}`,
    `Basic ${encode(`app:${'s'.repeat(600)}`)}`,
  ]
  expect(refused.filter((header) => parseBasicCredentials(header))).toEqual([])
})

test('one spelling of base64 is right, the canonical one', () => {
  const [canonical, ...others] = ['YTpiYw==', 'YTpiYx==', 'YTpiY/==', 'YTpiYw', 'YTpi Yw==']
  expect(parseBasicCredentials(`Basic ${canonical}`)).toEqual({ appId: 'a', appSecret: 'bc' })
  expect(others.filter((token) => parseBasicCredentials(`Basic ${token}`))).toEqual([])
})

test('never throws, whatever the header holds', () => {
  fc.assert(
    fc.property(fc.string({ unit: latin1 }), (header) => {
      expect(parseBasicCredentials(header)).toBe(undefined)
      expect(() => parseBasicCredentials(`Basic ${header}`)).not.toThrow()
    }),
  )
})
