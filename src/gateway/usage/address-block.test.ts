import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addressBlock } from './address-block.ts'

test('an IPv4 address is a block of its own, however it is written', () => {
  expect(addressBlock('203.0.113.7')).toBe('203.0.113.7')
  expect(addressBlock('::ffff:203.0.113.7')).toBe('203.0.113.7')
  expect(addressBlock('::FFFF:203.0.113.7')).toBe('203.0.113.7')
})

test('an IPv6 address counts as its network, however it is written', () => {
  const same = [
    '2001:db8:0:7::1',
    '2001:db8:0:7:ffff:ffff:ffff:ffff',
    '2001:0DB8:0000:0007:0:0:0:2',
    '2001:db8::7:1:2:3:4',
  ]
  expect(new Set(same.map(addressBlock))).toEqual(new Set(['2001:db8:0:7::/64']))
  expect(addressBlock('2001:db8:0:8::1')).not.toBe(addressBlock('2001:db8:0:7::1'))
  expect(addressBlock('::1')).toBe('0:0:0:0::/64')
  expect(addressBlock('fe80::1%eth0')).toBe('fe80:0:0:0::/64')
})

test('two addresses share a block when their first 64 bits are the same', () => {
  const group = fc.nat(0xffff)
  const address = fc.array(group, { minLength: 8, maxLength: 8 })
  const written = (groups: number[]) => groups.map((one) => one.toString(16)).join(':')
  fc.assert(
    fc.property(address, address, fc.boolean(), (one, other, isNear) => {
      const near = isNear ? [...one.slice(0, 4), ...other.slice(4)] : other
      const isSame = one.slice(0, 4).every((value, at) => value === near[at])
      expect(addressBlock(written(one)) === addressBlock(written(near))).toBe(isSame)
    }),
  )
})
