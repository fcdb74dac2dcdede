import fc from 'fast-check'
import { expect, test } from 'vitest'
import { answeredHeaders, forwardedHeaders, forwardedQuery } from './headers.ts'

test('forwards what describes the call and keeps what is for this hop or the gateway', () => {
  expect(
    forwardedHeaders({
      accept: 'application/json',
      authorization: 'Basic x',
      connection: 'keep-alive, X-Mine',
      'content-length': '2',
      'content-type': 'application/json',
      cookie: 'a=b',
      expect: '100-continue',
      forwarded: 'for=6.6.6.6',
      host: 'localhost',
      'keep-alive': 'timeout=5',
      'proxy-authorization': 'Basic y',
      te: 'trailers',
      trailer: 'x-late',
      'transfer-encoding': 'chunked',
      upgrade: 'h2c',
      'x-forwarded-for': '6.6.6.6',
      'x-forwarded-host': 'evil.example',
      'x-http-method': 'DELETE',
      'x-http-method-override': 'DELETE',
      'x-method-override': 'DELETE',
      'x-mine': 'hop',
      'x-original-url': '/api/v5/users',
      'x-real-ip': '6.6.6.6',
      'x-rewrite-url': '/api/v5/users',
      'x-other': ['1', '2'],
    }),
  ).toEqual({
    accept: 'application/json',
    'content-length': '2',
    'content-type': 'application/json',
    'x-other': ['1', '2'],
  })
})

test('answers what describes the content, as content that can do nothing to this origin', () => {
  expect(
    answeredHeaders({
      'access-control-allow-origin': '*',
      connection: 'close, x-hop',
      'content-type': 'text/html',
      'content-encoding': 'gzip',
      nel: '{"report_to":"mine"}',
      'report-to': '{"group":"mine"}',
      'reporting-endpoints': 'mine="https://evil.example"',
      'set-cookie': ['a=b'],
      'strict-transport-security': 'max-age=1',
      'transfer-encoding': 'chunked',
      'www-authenticate': 'Basic realm="upstream"',
      'x-hop': '1',
      'retry-after': '15',
    }),
  ).toEqual({
    'cache-control': 'no-store',
    'content-encoding': 'gzip',
    'content-security-policy': "default-src 'none'; sandbox",
    'content-type': 'text/html',
    'retry-after': '15',
    'x-content-type-options': 'nosniff',
  })
  expect(answeredHeaders({ 'cache-control': 'max-age=5' })['cache-control']).toBe('max-age=5')
})

test('drops _method from the query in every spelling, and nothing else', () => {
  const cases: [raw: string, forwarded: string][] = [
    ['', ''],
    ['?', '?'],
    ['?limit=1&page=2', '?limit=1&page=2'],
    ['?_method=DELETE', ''],
    ['?a=%zz&_method=DELETE&b=%2F', '?a=%zz&b=%2F'],
    ['?%5Fmethod=DELETE&a', '?a'],
    ['?_METHOD=DELETE&_%6dethod=PUT&a=1', '?a=1'],
    ['?_method&a=1', '?a=1'],
    ['?method=a&x_method=b&a=_method', '?method=a&x_method=b&a=_method'],
    ['?a=%FF&%FF=1', '?a=%FF&%FF=1'],
  ]
  expect(cases.map(([raw]) => [raw, forwardedQuery(raw)])).toEqual(cases)
})

test('a query without a method override is forwarded byte for byte', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^\?[a-z0-9%&=+._-]{0,30}$/), (query) => {
      fc.pre(!/method|%/.test(query))
      expect(forwardedQuery(query)).toBe(query)
    }),
  )
})
