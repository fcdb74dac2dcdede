import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { HttpHeaders } from './http-headers.ts'
import { requestHeadWriter } from './request-head.ts'

type Options = { method?: string; path?: string; hasBody?: boolean }

function headOf(
  headers: HttpHeaders,
  { method = 'GET', path = '/', hasBody = false }: Options = {},
) {
  const write = requestHeadWriter('emqx.example:18083', { authorization: 'Basic eDp5' })
  const text = write({ method, path, headers, hasBody })
  expect(text.endsWith('\r\n\r\n')).toBe(true)
  return text.slice(0, -4).split('\r\n')
}

test('writes the request line, host and headers, with each value of a repeated one', () => {
  const others = { host: 'other', authorization: 'Bearer x', connection: 'close' }
  const headers = { accept: '*/*', 'x-list': ['a', 'b\xe4'], 'x-none': undefined, ...others }
  expect(headOf(headers, { path: '/api/v5/clients?like=%zz&y=[1]|\xe4' })).toEqual([
    'GET /api/v5/clients?like=%zz&y=[1]|\xe4 HTTP/1.1',
    'host: emqx.example:18083',
    'connection: keep-alive',
    'authorization: Basic eDp5',
    'accept: */*',
    'x-list: a',
    'x-list: b\xe4',
  ])
})

test('frames the body itself: measured, chunked or none', () => {
  const framingHeader = (headers: HttpHeaders, options: Options) =>
    headOf(headers, options).slice(4)
  const post = { method: 'POST', hasBody: true }
  expect(framingHeader({ 'content-length': '5' }, post)).toEqual(['content-length: 5'])
  const zeros = { 'content-length': '00000000000000000005' }
  expect(framingHeader(zeros, post)).toEqual(['content-length: 5'])
  expect(framingHeader({ 'transfer-encoding': 'gzip' }, post)).toEqual([
    'transfer-encoding: chunked',
  ])
  expect(framingHeader({ 'content-length': '5' }, { method: 'GET' })).toEqual([])
  expect(framingHeader({}, { method: 'DELETE' })).toEqual([])
  for (const method of ['POST', 'PUT', 'PATCH']) {
    expect(framingHeader({}, { method })).toEqual(['content-length: 0'])
  }
})

test.each<[Options, HttpHeaders]>([
  [{ method: 'GET /x' }, {}],
  [{ method: '' }, {}],
  [{ path: 'clients' }, {}],
  [{ path: '' }, {}],
  [{ path: '/a b' }, {}],
  [{ path: '/a\r\nx: y' }, {}],
  [{ path: '/\u{1f511}' }, {}],
  [{}, { 'x y': 'z' }],
  [{}, { 'x: y': 'z' }],
  [{}, { '': 'z' }],
  [{}, { 'x:': 'z' }],
  [{}, { 'x\r\ny': 'z' }],
  [{}, { x: 'a\r\nb: c' }],
  [{}, { x: ['a', 'b\nc'] }],
  [{}, { x: 'a\0' }],
  [{}, { x: '\u{1f511}' }],
  [{ hasBody: true }, { 'content-length': '+5' }],
  [{ hasBody: true }, { 'content-length': '5, 6' }],
  [{ hasBody: true }, { 'content-length': '9999999999999999' }],
  [{ hasBody: true }, { 'content-length': ['5', '5'] }],
])('refuses %j with %j', (options, headers) => {
  expect(() => headOf(headers, options)).toThrow('cannot be written')
})

test('checks the client’s own headers as well', () => {
  expect(() => requestHeadWriter('h', { 'x\r\ny': 'z' })).toThrow('cannot be written')
  expect(() => requestHeadWriter('h\r\n', {})).toThrow('cannot be written')
})

test('no header value can leave its line', () => {
  const unit = fc.constantFrom(
    'a',
    '-',
    ':',
    ' ',
    '\t',
    '\r',
    '\n',
    '\0',
    '\x7f',
    '\xe4',
    '\u{1f511}',
  )
  const text = fc.string({ unit, maxLength: 6 })
  fc.assert(
    fc.property(text, text, (name, value) => {
      let lines: string[]
      try {
        lines = headOf({ [name]: value, last: name === 'last' ? value : 'one' })
      } catch {
        return
      }
      const isFraming = ['content-length', 'transfer-encoding', 'host'].includes(name)
      const own = isFraming || name === 'last' ? [] : [`${name}: ${value}`]
      expect(lines.slice(4, -1)).toEqual(own)
      expect(lines.at(-1)).toBe(`last: ${name === 'last' ? value : 'one'}`)
    }),
    { numRuns: 2000 },
  )
})
