import { expect, test } from 'vitest'
import { addressesBehind } from './client-addresses.ts'

const from = (remoteAddress: string | undefined, forwarded?: string) => ({
  socket: { remoteAddress },
  headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
})

test('without a trusted proxy, an address is the one of the connection, whatever is claimed', () => {
  const addressOf = addressesBehind([])
  expect(addressOf(from('192.0.2.1'))).toBe('192.0.2.1')
  expect(addressOf(from('127.0.0.1', '198.51.100.7'))).toBe('127.0.0.1')
  expect(addressOf(from('::ffff:192.0.2.1'))).toBe('192.0.2.1')
  expect(addressOf(from(undefined, '198.51.100.7'))).toBeNull()
})

test('behind trusted proxies, it is the last one that none of them wrote of another', () => {
  const addressOf = addressesBehind(['10.0.0.0/8', '192.0.2.1', 'fd00::/8'])
  expect(addressOf(from('10.1.2.3', '198.51.100.7'))).toBe('198.51.100.7')
  expect(addressOf(from('::ffff:10.1.2.3', '198.51.100.7, 192.0.2.1, 10.9.9.9'))).toBe(
    '198.51.100.7',
  )
  expect(addressOf(from('fd00::1', '2001:db8::7'))).toBe('2001:db8::7')
  // What the client wrote itself stands further left.
  expect(addressOf(from('10.1.2.3', '127.0.0.1, 10.0.0.9, 198.51.100.7'))).toBe('198.51.100.7')
})

test('who is no trusted proxy is not believed', () => {
  const addressOf = addressesBehind(['10.0.0.0/8'])
  expect(addressOf(from('11.0.0.1', '198.51.100.7'))).toBe('11.0.0.1')
  expect(addressOf(from('192.0.2.1', '10.0.0.1'))).toBe('192.0.2.1')
})

test('takes addresses with ports, and stops at what is none', () => {
  const addressOf = addressesBehind(['10.0.0.0/8'])
  expect(addressOf(from('10.0.0.1', '198.51.100.7:4711'))).toBe('198.51.100.7')
  expect(addressOf(from('10.0.0.1', '[2001:db8::7]:4711'))).toBe('2001:db8::7')
  expect(addressOf(from('10.0.0.1', '198.51.100.7, unknown'))).toBe('10.0.0.1')
  expect(addressOf(from('10.0.0.1', '198.51.100.7, _hidden, 10.0.0.2'))).toBe('10.0.0.2')
  expect(addressOf(from('10.0.0.1', ''))).toBe('10.0.0.1')
  expect(addressOf(from('10.0.0.1', '10.0.0.2, 10.0.0.3'))).toBe('10.0.0.2')
})
