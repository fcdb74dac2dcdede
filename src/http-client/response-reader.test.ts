import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cases, latin1, readWithBoth, readWithOurs } from './testing/differential.ts'

test('skips interim responses, wherever the bytes are cut', () => {
  const bytes = latin1(
    'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello',
  )
  const whole = {
    response: { status: 200, headers: { 'content-length': ['5'] }, body: 'hello' },
    keepAliveMs: 4000,
  }
  for (let cut = 0; cut < bytes.length; cut += 1) {
    expect(readWithOurs('GET', bytes, [cut])).toEqual(whole)
  }
  const everywhere = Array.from({ length: bytes.length }, (_, at) => at)
  expect(readWithOurs('GET', bytes, everywhere)).toEqual(whole)
})

test.each([
  ['GET', 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nokHTTP/1.1 200 OK\r\n'],
  ['GET', 'HTTP/1.1 204 No Content\r\n\r\nx'],
  ['HEAD', 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'],
  ['GET', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n\n'],
])('a connection with more on it than the answer to a %s is of no use: %j', (method, text) => {
  const { response, keepAliveMs } = readWithOurs(method, latin1(text))
  expect(response?.status).toBeGreaterThanOrEqual(200)
  expect(keepAliveMs).toBe(0)
})

test('refuses another protocol from the first byte, and heads over the limit', () => {
  expect(() => readWithOurs('GET', latin1('S'))).toThrow('not HTTP/1.1')
  expect(() => readWithOurs('GET', latin1('HTTP/2'))).toThrow('not HTTP/1.1')
  const long = (length: number) => `HTTP/1.1 200 OK\r\nx: ${'y'.repeat(length)}`
  expect(() => readWithOurs('GET', latin1(long(17_000)))).toThrow('not HTTP/1.1')
  expect(() => readWithOurs('GET', latin1(`${long(17_000)}\r\n\r\n`))).toThrow('not HTTP/1.1')
  expect(readWithOurs('GET', latin1(`${long(16_000)}\r\n\r\n`)).response?.status).toBe(200)
})

test('reads every response that it accepts as Node does', async () => {
  let accepted = 0
  await fc.assert(
    fc.asyncProperty(cases, async (one) => {
      const read = await readWithBoth(one)
      if (!read) return
      accepted += 1
      expect(read.ours).toEqual(read.node)
    }),
    { numRuns: 5000 },
  )
  expect(accepted).toBeGreaterThan(500)
})
