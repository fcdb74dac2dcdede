import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ChunkedBody } from './chunked-body.ts'

/** Takes bytes in pieces that end at these places. */
function takenOf(bytes: Buffer, cuts: readonly number[] = []) {
  const body = new ChunkedBody()
  const data: Buffer[] = []
  let taken = 0
  const ends = [...cuts, bytes.length].filter((cut) => cut <= bytes.length)
  let start = 0
  for (const end of ends.toSorted((one, other) => one - other)) {
    taken += body.read(bytes.subarray(start, end), (piece) => data.push(Buffer.from(piece)))
    start = end
  }
  return { data: Buffer.concat(data).toString('latin1'), taken, isComplete: body.isComplete }
}

const bytesOf = (text: string) => Buffer.from(text, 'latin1')

test.each([
  ['0\r\n\r\n', ''],
  ['5\r\nhello\r\n0\r\n\r\n', 'hello'],
  ['005;a=b;c="d e"\r\nhello\r\n1\r\n \r\n000\r\n\r\n', 'hello '],
  ['A\r\n0\r\n\r\n56789\r\n0\r\nX-Trailer: one\r\nx-other:\r\n\r\n', '0\r\n\r\n56789'],
])('takes %j apart, at whatever byte it is cut', (text, data) => {
  const bytes = bytesOf(text)
  for (let cut = 0; cut <= bytes.length; cut += 1) {
    expect(takenOf(bytes, [cut])).toEqual({ data, taken: bytes.length, isComplete: true })
  }
  const everywhere = Array.from({ length: bytes.length }, (_, at) => at)
  expect(takenOf(bytes, everywhere)).toEqual({ data, taken: bytes.length, isComplete: true })
  const { taken, isComplete } = takenOf(bytesOf(`${text}HTTP/1.1 200`))
  expect({ taken, isComplete }).toEqual({ taken: bytes.length, isComplete: true })
})

test('decodes what was encoded', () => {
  const chunks = fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { maxLength: 6 })
  fc.assert(
    fc.property(chunks, fc.array(fc.nat(300)), (all, cuts) => {
      const encoded = all.flatMap((one) => [bytesOf(`${one.length.toString(16)}\r\n`), one, '\r\n'])
      const parts = [...encoded, '0\r\n\r\n'].map((part) => Buffer.from(part))
      const { data, isComplete } = takenOf(Buffer.concat(parts), cuts)
      expect(data).toBe(Buffer.concat(all).toString('latin1'))
      expect(isComplete).toBe(true)
    }),
  )
})

test.each([
  '\r\n',
  'x\r\n',
  '-1\r\n',
  '+1\r\n',
  '0x5\r\nhello\r\n',
  ' 5\r\nhello\r\n',
  '5 5\r\nhello\r\n',
  '5 \r\nhello\r\n',
  '5\nhello\r\n',
  '5\r\nhello\n',
  '5\r\nhello!\r\n',
  '5\r\nhell\r\n0\r\n\r\n',
  '5;a\rb\r\nhello\r\n',
  '5;a\0b\r\nhello\r\n',
  '0\r\nno colon\r\n\r\n',
  '0\r\n folded: x\r\n\r\n',
  '0\r\n\n',
  'fffffffffffff\r\n',
  `1;${'x'.repeat(20_000)}`,
  `0\r\n${'a: b\r\n'.repeat(5000)}`,
])('refuses %j', (text) => {
  expect(() => takenOf(bytesOf(text))).toThrow('not HTTP/1.1')
})

test('is not complete before its end', () => {
  const bytes = bytesOf('5\r\nhello\r\n0\r\nx: y\r\n\r\n')
  for (let length = 0; length < bytes.length; length += 1) {
    expect(takenOf(bytes.subarray(0, length)).isComplete).toBe(false)
  }
})
