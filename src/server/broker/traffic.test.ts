import fc from 'fast-check'
import { expect, it } from 'vitest'
import { newTraffic, PacketScanner, wireCounters } from './traffic.ts'

type Sent = { type: number; qos: number; length: number }

const packets = fc.array(
  fc.record({
    type: fc.integer({ min: 1, max: 14 }),
    qos: fc.integer({ min: 0, max: 2 }),
    length: fc.oneof(
      fc.integer({ min: 0, max: 300 }),
      fc.constantFrom(127, 128, 16_383, 16_384, 40_000),
    ),
  }),
  { maxLength: 12 },
)

function bytesOf({ type, qos, length }: Sent): Buffer {
  const header = [(type << 4) | (qos << 1)]
  let left = length
  do {
    header.push((left & 0x7f) | (left > 0x7f ? 0x80 : 0))
    left >>= 7
  } while (left > 0)
  return Buffer.concat([Buffer.from(header), Buffer.alloc(length, 0xff)])
}

function scanned(stream: Uint8Array, cuts: readonly number[]): Omit<Sent, 'length'>[] {
  const seen: Omit<Sent, 'length'>[] = []
  const scanner = new PacketScanner((type, qos) => seen.push({ type, qos }))
  let from = 0
  for (const cut of [...cuts.filter((one) => one <= stream.length), stream.length]) {
    scanner.scan(stream.subarray(from, cut), 1_000_000)
    from = cut
  }
  return seen
}

it('sees every packet, however the stream is cut', () => {
  fc.assert(
    fc.property(
      packets,
      fc.array(fc.integer({ min: 0, max: 60_000 }), { maxLength: 10 }),
      (sent, cuts) => {
        const stream = Buffer.concat(sent.map(bytesOf))
        const inOrder = cuts.toSorted((one, other) => one - other)
        const expected = sent.map(({ type, qos }) => ({ type, qos }))
        expect(scanned(stream, inOrder)).toEqual(expected)
      },
    ),
    { numRuns: 50 },
  )
})

it.each([
  ['a packet over the limit', [0x30, 0x65], 100],
  ['a length of five bytes', [0x30, 0x80, 0x80, 0x80, 0x80, 0x01], 1e9],
])('throws at %s', (_name, bytes, max) => {
  const scanner = new PacketScanner(() => undefined)
  expect(() => scanner.scan(Uint8Array.from(bytes), max)).toThrow(/a packet has/)
})

it('names what it counts as EMQX does', () => {
  const traffic = newTraffic()
  traffic.received.addPacket(3, 2)
  traffic.received.addPacket(8, 1)
  traffic.sent.addPacket(3, 1)
  expect(wireCounters(traffic)).toMatchObject({
    'packets.received': 2,
    'packets.publish.received': 1,
    'packets.subscribe.received': 1,
    'packets.publish.sent': 1,
    'packets.suback.sent': 0,
    'messages.qos2.received': 1,
    'messages.qos1.sent': 1,
    'messages.sent': 1,
  })
  expect(Object.keys(wireCounters(traffic))).not.toContain('packets.connect.sent')
})
