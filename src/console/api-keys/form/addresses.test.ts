import { describe, expect, it, test } from 'vitest'
import { ADDRESSES_MAX } from '../../../contract/http/limits.ts'
import { apiKeyInputSchema } from '../../../contract/keys/schemas.ts'
import { usageWith } from '../testing.tsx'
import {
  describeAddresses,
  findAddressProblems,
  parseAddresses,
  addressUses,
  usesOutside,
} from './addresses.ts'

describe('the entries', () => {
  it('stand one a line, or as lists are pasted', () => {
    expect(parseAddresses(' 10.0.0.0/8 \n\n192.0.2.7, 2001:db8::/32;fe80::1\t')).toEqual([
      '10.0.0.0/8',
      '192.0.2.7',
      '2001:db8::/32',
      'fe80::1',
    ])
  })

  it('are each named with what is wrong of them', () => {
    expect(findAddressProblems('10.0.0.0/8\n2001:db8::/32')).toEqual([])
    const leadingZero = 'has a prefix length that starts with 0.'
    expect(findAddressProblems('10.0.0.0/08\n::/001\n10.0.0.1/8\n10.0.0.2/8')).toEqual([
      { entry: '10.0.0.0/08', detail: leadingZero },
      { entry: '::/001', detail: leadingZero },
      { entry: '10.0.0.2/8', detail: 'stands here twice.' },
    ])
    expect(findAddressProblems('10.0.0.0/33\nfe80::/129\nhost\n10.0.0.1\n10.0.0.1')).toEqual([
      { entry: '10.0.0.0/33', detail: 'has no prefix length from 0 to 32.' },
      { entry: 'fe80::/129', detail: 'has no prefix length from 0 to 128.' },
      { entry: 'host', detail: expect.stringMatching(/no address or block/) },
      { entry: '10.0.0.1', detail: 'stands here twice.' },
    ])
  })

  it('are refused where the server refuses them', () => {
    const many = (count: number) =>
      Array.from({ length: count }, (_, at) => `10.0.0.${at}`).join('\n')
    for (const text of [
      '',
      '::1',
      '1.2.3',
      '1.2.3.4/',
      '1.2.3.4 1.2.3.4',
      '010.0.0.1',
      '::/0',
      '::/00',
      '10.0.0.1/8 10.0.0.2/8',
      '::ffff:10.0.0.0/95',
      '::ffff:10.0.0.0/104',
    ].concat(many(ADDRESSES_MAX), many(ADDRESSES_MAX + 1))) {
      const parsed = apiKeyInputSchema.safeParse({ allowedAddresses: parseAddresses(text) })
      expect({ text, ok: findAddressProblems(text).length === 0 }).toEqual({
        text,
        ok: parsed.success,
      })
    }
  })
})

test('who used the key and would be refused is found, the latest first', () => {
  const at = '2026-11-23T12:00:00.000Z'
  const earlier = '2026-11-20T12:00:00.000Z'
  const recorded = ['192.0.2.7', '10.1.2.3', '2001:db8::5'].map((address) => {
    return { address, allowed: 1, lastUsedAt: earlier }
  })
  const lastUse = { kind: 'used', at, operation: 'GET /a', address: '192.0.2.7' } as const
  const uses = addressUses(lastUse, usageWith({ addresses: recorded }))
  expect(uses.map(({ address }) => address)).toEqual(['192.0.2.7', '10.1.2.3', '2001:db8::5'])
  expect(uses[0]?.at).toBe(at)
  expect(usesOutside(uses, [])).toEqual([])
  expect(usesOutside(uses, ['10.0.0.0/8', '2001:db8::/32'])).toEqual([{ address: '192.0.2.7', at }])
  expect(addressUses({ kind: 'never' }, undefined)).toEqual([])
})

test('says from where in a few words', () => {
  expect(describeAddresses([])).toBe('from any address')
  expect(describeAddresses(['10.0.0.0/8'])).toBe('from 10.0.0.0/8 alone')
  expect(describeAddresses(['10.0.0.1', '10.0.0.2'])).toBe('from 2 addresses')
})
