import { expect, test } from 'vitest'
import { parseResponseHead } from './response-head.ts'

const head = (...lines: string[]) => lines.join('\r\n')

test('reads the status, the headers in lower case, and repeated ones as a list', () => {
  const text = head(
    'HTTP/1.1 207 Multi-Status, of a kind',
    'Content-Type:  application/json\t',
    'X-None:',
    'X-Bytes: \xe4\xff\xa0',
    'set-cookie: a',
    'Set-Cookie: b',
    'set-cookie: c',
    'constructor: d',
    'Content-Length: 12',
  )
  expect(parseResponseHead(text, 'GET')).toEqual({
    status: 207,
    headers: {
      'content-type': 'application/json',
      'x-none': '',
      'x-bytes': '\xe4\xff\xa0',
      'set-cookie': ['a', 'b', 'c'],
      constructor: 'd',
      'content-length': '12',
    },
    bodyFraming: 12,
    keepAliveMs: 4000,
  })
})

test('no header name reaches the prototype', () => {
  const lines = ['__proto__: a', '__proto__: b', 'toString: c', 'hasOwnProperty: d']
  const { headers } = parseResponseHead(head('HTTP/1.1 200 OK', ...lines), 'GET')
  expect(Object.getPrototypeOf(headers)).toBe(Object.prototype)
  expect(Object.entries(headers)).toEqual([
    ['tostring', 'c'],
    ['hasownproperty', 'd'],
  ])
})

test.each<[number | string, string, string[]]>([
  [0, 'HEAD', ['HTTP/1.1 200 OK', 'content-length: 9']],
  [0, 'HEAD', ['HTTP/1.1 200 OK', 'transfer-encoding: chunked']],
  [0, 'GET', ['HTTP/1.1 204 No Content']],
  [0, 'GET', ['HTTP/1.1 304 Not Modified', 'content-length: 9']],
  [0, 'GET', ['HTTP/1.1 103 Early Hints']],
  [0, 'GET', ['HTTP/1.1 200 OK', 'content-length: 0']],
  [7, 'GET', ['HTTP/1.1 200', 'content-length: 007']],
  ['chunked', 'GET', ['HTTP/1.1 200 ', 'Transfer-Encoding: Chunked']],
  ['close', 'GET', ['HTTP/1.1 200 OK']],
  ['close', 'POST', ['HTTP/1.0 200 OK']],
])('a body ends by %s: %s, %j', (bodyFraming, method, lines) => {
  expect(parseResponseHead(head(...lines), method).bodyFraming).toBe(bodyFraming)
})

test.each<[number, string[]]>([
  [4000, []],
  [4000, ['connection: keep-alive', 'keep-alive: timeout=5, max=100']],
  [4000, ['keep-alive: timeout=300']],
  [1000, ['keep-alive: max=100, timeout=2']],
  [0, ['keep-alive: timeout=1']],
  [4000, ['connection: enclosed']],
  [0, ['Connection: Close']],
  [0, ['connection: x, close']],
  [0, ['connection: x', 'connection: close']],
])('its connection is kept for %d ms: %j', (keepAliveMs, lines) => {
  const text = head('HTTP/1.1 200 OK', 'content-length: 1', ...lines)
  expect(parseResponseHead(text, 'GET').keepAliveMs).toBe(keepAliveMs)
})

test('a connection is not reused after a response that could have a stray body', () => {
  const keptFor = (status: string, length: string, method = 'GET') =>
    parseResponseHead(head(`HTTP/1.1 ${status}`, `content-length: ${length}`), method).keepAliveMs
  expect([keptFor('200 OK', '1', 'HEAD'), keptFor('304 Not Modified', '1')]).toEqual([0, 0])
  expect([keptFor('304 Not Modified', '0'), keptFor('204 No Content', '0')]).toEqual([4000, 4000])
})

test('an HTTP/1.0 connection is not reused', () => {
  expect(parseResponseHead(head('HTTP/1.0 200 OK', 'content-length: 1'), 'GET').keepAliveMs).toBe(0)
})

test.each([
  [['HTTP/2 200 OK']],
  [['HTTP/1.2 200 OK']],
  [['http/1.1 200 OK']],
  [['HTTP/1.1  200 OK']],
  [['HTTP/1.1 20 OK']],
  [['HTTP/1.1 2000 OK']],
  [['HTTP/1.1 099 OK']],
  [['HTTP/1.1 600 OK']],
  [['HTTP/1.1 101 Switching Protocols', 'upgrade: h2c']],
  [['HTTP/1.1 204 No Content', 'content-length: 1']],
  [['HTTP/1.1 204 No Content', 'transfer-encoding: chunked']],
  [['HTTP/1.1 200 OK', 'no colon']],
  [['HTTP/1.1 200 OK', 'no colon', 'a: b']],
  [['HTTP/1.1 200 OK', ': b']],
  [['HTTP/1.1 200 OK', 'a : b']],
  [['HTTP/1.1 200 OK', ' a: b']],
  [['HTTP/1.1 200 OK', 'a: b', ' folded']],
  [['HTTP/1.1 200 OK', 'a: b', '\tfolded: c']],
  [['HTTP/1.1 200 OK', 'a: b\nc: d']],
  [['HTTP/1.1 200 OK', 'a: b\rc: d']],
  [['HTTP/1.1 200 OK', 'a: b\0']],
  [['HTTP/1.1 200 O\x01K']],
  [['HTTP/1.1 200 OK', '\xe4: b']],
  [['HTTP/1.1 200 OK', 'content-length: +5']],
  [['HTTP/1.1 200 OK', 'content-length: -5']],
  [['HTTP/1.1 200 OK', 'content-length: 0x5']],
  [['HTTP/1.1 200 OK', 'content-length: 5 5']],
  [['HTTP/1.1 200 OK', 'content-length: 5, 5']],
  [['HTTP/1.1 200 OK', 'content-length:']],
  [['HTTP/1.1 200 OK', 'content-length: 9999999999999999']],
  [['HTTP/1.1 200 OK', 'content-length: 5', 'content-length: 6']],
  [['HTTP/1.1 200 OK', 'content-length: 5', 'Content-Length: 5']],
  [['HTTP/1.1 200 OK', 'content-length: 5', 'transfer-encoding: chunked']],
  [['HTTP/1.1 200 OK', 'transfer-encoding: gzip, chunked']],
  [['HTTP/1.1 200 OK', 'transfer-encoding: chunked, identity']],
  [['HTTP/1.1 200 OK', 'transfer-encoding: identity']],
  [['HTTP/1.1 200 OK', 'transfer-encoding: chunked', 'transfer-encoding: chunked']],
  [['HTTP/1.1 200 OK', 'transfer-encoding:']],
  [['HTTP/1.1 200 OK', 'transfer-encoding: \x0bchunked']],
  [['HTTP/1.0 200 OK', 'transfer-encoding: chunked']],
])('refuses %j', (lines) => {
  for (const method of ['GET', 'HEAD']) {
    expect(() => parseResponseHead(head(...lines), method)).toThrow('not HTTP/1.1')
  }
})
