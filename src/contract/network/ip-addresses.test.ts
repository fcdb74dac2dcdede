import { BlockList, isIP } from 'node:net'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  createAddressFilter,
  isPrefix,
  networkKey,
  normalizePrefix,
  parseAddress,
  parseForwardedAddress,
} from './ip-addresses.ts'

const isAllowed = (address: string | null, entries: readonly string[]) =>
  createAddressFilter(entries).includes(address)

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
    '::ffff:10.0.0.0/104',
    '::ffff:0:0/96',
    '64:ff9b::192.0.2.33',
    '1:2:3:4:5:6:192.0.2.33',
  ])('%s is one', (text) => expect(isPrefix(text)).toBe(true))

  test.each([
    '',
    '10.0.0',
    '10.0.0.256',
    '010.0.0.1',
    '0x7f.0.0.1',
    '127.1',
    '2130706433',
    '10.0.0.0/33',
    '10.0.0.0/',
    '10.0.0.0/08',
    '::/001',
    '10.0.0.0/0x8',
    '10.0.0.0/8/8',
    '10.0.0.0/-1',
    ' 10.0.0.1',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1::2::3',
    ':1',
    '1:',
    ':::',
    '12345::',
    '192.0.2.7::',
    '::ffff:010.0.0.1',
    '::ffff:0x7f.0.0.1',
    '::ffff:10.1',
    '2001:db8::/129',
    'fe80::1%eth0',
    'fe80::%1/10',
    '::ffff:192.0.2.7/33',
    '::ffff:192.0.2.7/95',
    'localhost',
    '[::1]',
    '10.0.0.1:80',
  ])('%s is none', (text) => expect(isPrefix(text)).toBe(false))

  test('is decided as Node does', () => {
    const nearMiss = fc
      .tuple(fc.oneof(fc.ipV4(), fc.ipV6()), fc.nat(), fc.constantFrom(...':.0f%/x', ''))
      .map(([address, at, put]) => {
        const cut = at % (address.length + 1)
        return address.slice(0, cut) + put + address.slice(cut + 1)
      })
    const text = fc.oneof(
      fc.ipV4(),
      fc.ipV4Extended(),
      fc.ipV6(),
      nearMiss,
      fc.string({ unit: fc.constantFrom(...':.01f'), maxLength: 20 }),
    )
    fc.assert(
      fc.property(text, (one) => {
        expect(parseAddress(one) !== undefined).toBe(isIP(one) !== 0 && !one.includes('%'))
      }),
      { numRuns: 5000 },
    )
  })
})

describe('An address', () => {
  test('is anywhere where no block is given, and nowhere where there is none of it', () => {
    expect(isAllowed('192.0.2.1', [])).toBe(true)
    expect(isAllowed(null, [])).toBe(true)
    expect(isAllowed(null, ['0.0.0.0/0', '::/0'])).toBe(false)
    expect(isAllowed('', ['0.0.0.0/0', '::/0'])).toBe(false)
  })

  test('of IPv4 is the same written as IPv6, and in no block of IPv6', () => {
    expect(isAllowed('::ffff:192.0.2.7', ['192.0.2.0/24'])).toBe(true)
    expect(isAllowed('::FFFF:c000:0207', ['192.0.2.7'])).toBe(true)
    expect(isAllowed('192.0.2.7', ['::/0'])).toBe(false)
    expect(isAllowed('2001:db8::1', ['0.0.0.0/0'])).toBe(false)
  })

  test('may have a zone, and a block may name any address in it', () => {
    expect(isAllowed('fe80::1%eth0', ['fe80::/10'])).toBe(true)
    expect(isAllowed('10.1.2.3', ['10.200.0.1/8'])).toBe(true)
    expect(isAllowed('10.1.2.3', ['nonsense', '10.1.2.3'])).toBe(true)
  })

  test('is allowed by no entry that cannot be read', () => {
    for (const entry of ['nonsense', '10.0.0.0/', '10.0.0.0/8/8', '', '/8']) {
      expect(isAllowed('10.1.2.3', [entry])).toBe(false)
    }
  })

  test('is allowed by entries as they could be saved before', () => {
    expect(isAllowed('10.1.2.3', ['10.0.0.0/08'])).toBe(true)
    expect(isAllowed('11.1.2.3', ['10.0.0.0/08'])).toBe(false)
    expect(isAllowed('10.1.2.3', ['::ffff:10.0.0.0/8'])).toBe(true)
    expect(isAllowed('11.1.2.3', ['::ffff:10.0.0.0/8'])).toBe(false)
    expect(isAllowed('8000::', ['::/001'])).toBe(false)
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
        expect(isAllowed(address, [`${base}/${prefix}`])).toBe(blocks.check(address, family))
      }),
      { numRuns: 500 },
    )
  })
})

/** An address as a number, written out in its family's longest form. */
type Model = { bits: 32 | 128; value: bigint }

const models: fc.Arbitrary<Model> = fc.oneof(
  fc.bigInt({ min: 0n, max: (1n << 32n) - 1n }).map((value) => ({ bits: 32 as const, value })),
  fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }).map((value) => ({ bits: 128 as const, value })),
)

function write({ bits, value }: Model): string {
  const [size, radix, separator] = bits === 32 ? [8, 10, '.'] : [16, 16, ':']
  return Array.from({ length: bits / size }, (_, at) =>
    ((value >> BigInt(bits - size * (at + 1))) & ((1n << BigInt(size)) - 1n)).toString(radix),
  ).join(separator)
}

const networkOf = ({ bits, value }: Model, length: number) => {
  const hostBits = BigInt(bits - length)
  return (value >> hostBits) << hostBits
}

describe('A prefix', () => {
  test.each([
    ['192.168.1.67/24', '192.168.1.0/24'],
    ['10.0.0.1/32', '10.0.0.1'],
    ['10.0.0.1/0', '0.0.0.0/0'],
    ['::ffff:10.0.0.0/104', '10.0.0.0/8'],
    ['::ffff:a00:7', '10.0.0.7'],
    ['::FFFF:0:0/96', '0.0.0.0/0'],
    ['2001:0DB8:0:0:0:0:0:1', '2001:db8::1'],
    ['2001:db8::1/32', '2001:db8::/32'],
    ['::1/128', '::1'],
    ['::192.0.2.7', '::c000:207'],
    ['nonsense', 'nonsense'],
  ])('%s is saved as %s', (text, saved) => expect(normalizePrefix(text)).toBe(saved))

  test('holds what a model of whole numbers says, and the same once it is normalized', () => {
    const cases = fc.tuple(models, models, fc.nat(), fc.nat())
    fc.assert(
      fc.property(cases, ([base, other, lengthSeed, flipSeed]) => {
        const length = lengthSeed % (base.bits + 1)
        const flipped = { ...base, value: base.value ^ (1n << BigInt(flipSeed % base.bits)) }
        const prefix = `${write(base)}/${length}`
        const saved = normalizePrefix(prefix)
        expect(normalizePrefix(saved)).toBe(saved)
        for (const one of [base, other, flipped]) {
          const isIn = one.bits === base.bits && networkOf(one, length) === networkOf(base, length)
          expect(isAllowed(write(one), [prefix])).toBe(isIn)
          expect(isAllowed(write(one), [saved])).toBe(isIn)
        }
      }),
      { numRuns: 1000 },
    )
  })

  test('of IPv4 is the same written as an IPv4-mapped one', () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.nat({ max: 32 }), (address, length) => {
        const mapped = `::ffff:${address}/${96 + length}`
        expect(normalizePrefix(mapped)).toBe(normalizePrefix(`${address}/${length}`))
      }),
    )
  })
})

test('an entry of X-Forwarded-For may have a port, brackets and a zone', () => {
  const parse = (text: string) => parseForwardedAddress(text)?.toString()
  expect(parse('192.0.2.7')).toBe('192.0.2.7')
  expect(parse('192.0.2.7:4711')).toBe('192.0.2.7')
  expect(parse('[2001:DB8::7]:4711')).toBe('2001:db8::7')
  expect(parse('[2001:db8::7]')).toBe('2001:db8::7')
  expect(parse('1:2:3:4:5:6:7:8')).toBe('1:2:3:4:5:6:7:8')
  expect(parse('::ffff:192.0.2.7')).toBe('192.0.2.7')
  expect(parse('fe80::1%eth0')).toBe('fe80::1')
  for (const text of ['', 'unknown', '_hidden', '192.0.2.7:', '[192.0.2.7', '2001:7', '1.2.3:4']) {
    expect(parse(text)).toBeUndefined()
  }
})

describe('Attempts count', () => {
  test('for an IPv4 address by itself, however it is written', () => {
    expect(networkKey('203.0.113.7')).toBe('203.0.113.7')
    expect(networkKey('::ffff:203.0.113.7')).toBe('203.0.113.7')
    expect(networkKey('::FFFF:203.0.113.7')).toBe('203.0.113.7')
  })

  test('for the network of an IPv6 address, however it is written', () => {
    const same = [
      '2001:db8:0:7::1',
      '2001:db8:0:7:ffff:ffff:ffff:ffff',
      '2001:0DB8:0000:0007:0:0:0:2',
      '2001:db8::7:1:2:3:4',
    ]
    expect(new Set(same.map(networkKey))).toEqual(new Set(['2001:db8:0:7::/64']))
    expect(networkKey('2001:db8:0:8::1')).not.toBe(networkKey('2001:db8:0:7::1'))
    expect(networkKey('::1')).toBe('0:0:0:0::/64')
    expect(networkKey('fe80::1%eth0')).toBe('fe80:0:0:0::/64')
  })

  test('together for two addresses when their first 64 bits are the same', () => {
    const group = fc.nat(0xffff)
    const address = fc.array(group, { minLength: 8, maxLength: 8 })
    const written = (groups: number[]) => groups.map((one) => one.toString(16)).join(':')
    fc.assert(
      fc.property(address, address, fc.boolean(), (one, other, isNear) => {
        const near = isNear ? [...one.slice(0, 4), ...other.slice(4)] : other
        const isSame = one.slice(0, 4).every((value, at) => value === near[at])
        expect(networkKey(written(one)) === networkKey(written(near))).toBe(isSame)
      }),
    )
  })
})
