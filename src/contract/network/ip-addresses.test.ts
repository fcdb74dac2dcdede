import { BlockList } from 'node:net'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isAddressBlock, isInBlocks } from './ip-addresses.ts'

describe('What is an address or a block', () => {
  test.each([
    '10.0.0.0/8',
    '192.0.2.7',
    '0.0.0.0/0',
    '255.255.255.255/32',
    '2001:db8::/32',
    '::1',
    '::',
    '::/0',
    '1:2:3:4:5:6:7:8',
    'fe80::1:2/128',
    '::ffff:192.0.2.7',
    '64:ff9b::192.0.2.33',
  ])('%s is one', (text) => expect(isAddressBlock(text)).toBe(true))

  test.each([
    '',
    '10.0.0',
    '10.0.0.256',
    '010.0.0.1',
    '10.0.0.0/33',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    '10.0.0.0/-1',
    ' 10.0.0.1',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1::2::3',
    ':1',
    ':::',
    '12345::',
    '192.0.2.7::',
    '2001:db8::/129',
    'fe80::1%eth0',
    '::ffff:192.0.2.7/33',
    'localhost',
    '[::1]',
    '10.0.0.1:80',
  ])('%s is none', (text) => expect(isAddressBlock(text)).toBe(false))
})

describe('An address', () => {
  test('is anywhere where no block is given, and nowhere where there is none of it', () => {
    expect(isInBlocks('192.0.2.1', [])).toBe(true)
    expect(isInBlocks(null, [])).toBe(true)
    expect(isInBlocks(null, ['0.0.0.0/0', '::/0'])).toBe(false)
    expect(isInBlocks('', ['0.0.0.0/0', '::/0'])).toBe(false)
  })

  test('of IPv4 is the same written as IPv6, and in no block of IPv6', () => {
    expect(isInBlocks('::ffff:192.0.2.7', ['192.0.2.0/24'])).toBe(true)
    expect(isInBlocks('::FFFF:c000:0207', ['192.0.2.7'])).toBe(true)
    expect(isInBlocks('192.0.2.7', ['::/0'])).toBe(false)
    expect(isInBlocks('2001:db8::1', ['0.0.0.0/0'])).toBe(false)
  })

  test('may have a zone, and a block may name any address in it', () => {
    expect(isInBlocks('fe80::1%eth0', ['fe80::/10'])).toBe(true)
    expect(isInBlocks('10.1.2.3', ['10.200.0.1/8'])).toBe(true)
    expect(isInBlocks('10.1.2.3', ['nonsense', '10.1.2.3'])).toBe(true)
  })

  test('is in a block just where Node says so', () => {
    const v4 = fc.ipV4()
    // Node takes IPv4 that is written as IPv6 for IPv6.
    const v6 = fc
      .ipV6()
      .filter((address) => !address.includes('.') && !/^[0:]*:ffff:/i.test(address))
    const cases = fc.oneof(
      fc.tuple(v4, v4, fc.nat({ max: 32 }), fc.constant('ipv4' as const)),
      fc.tuple(v6, v6, fc.nat({ max: 128 }), fc.constant('ipv6' as const)),
    )
    fc.assert(
      fc.property(cases, fc.boolean(), ([address, other, prefix, family], isNear) => {
        const blocks = new BlockList()
        const base = isNear ? address : other
        blocks.addSubnet(base, prefix, family)
        expect(isInBlocks(address, [`${base}/${prefix}`])).toBe(blocks.check(address, family))
      }),
      { numRuns: 500 },
    )
  })
})
