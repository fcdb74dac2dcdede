import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { FakeEmqx } from '../../src/backends/emqx/fake-emqx.ts'
import { startServerWithEmqx, type ServerWithEmqx } from '../harness/server-with-emqx.ts'
import { sendRaw, type TestKey, type TestServer } from '../harness/test-server.ts'

let world: ServerWithEmqx
let emqx: FakeEmqx
let server: TestServer
let id: string
let full: TestKey
let narrow: TestKey

beforeAll(async () => {
  world = await startServerWithEmqx()
  ;({ emqx, server, id, key: full } = world)
  const operations = ['POST /publish', 'GET /clients']
  narrow = await server.createKey(id, { access: { mode: 'list', operations } })
})
afterAll(() => world.stop())
beforeEach(() => world.reset())

/** Sends a request line and headers as they are, with full access, and gives the status. */
async function statusOf(line: string, headers: string[] = [], body = ''): Promise<number> {
  const head = [
    `${line} HTTP/1.1`,
    'Host: localhost',
    `Authorization: ${full.authorization}`,
    'Connection: close',
    ...headers,
  ]
  const answer = await sendRaw(server.port, `${head.join('\r\n')}\r\n\r\n${body}`)
  return Number(answer.split(' ')[1])
}

const forwarded = () => emqx.requests.map(({ method, url }) => `${method} ${url}`)

test.each([
  '/clients',
  '/clients?limit=1&like=%zz&x=%2F..%2F&&a=b?c',
  '/clients/a%2Fb',
  '/clients/a%2fb%3A%7e~',
  '/clients/%E4%BD%A0%F0%9F%94%91',
  "/clients/a:b@c!$&'()*+,;=",
  '/clients/{clientid}',
  '/clients/a|b^"`<>[]',
  '/clients/...',
  '/clients/%20?q=%20',
  '/authentication/password_based%3Abuilt_in_database/users',
  `/clients/${'x'.repeat(8000)}`,
])('forwards %s byte for byte', async (path) => {
  expect(await statusOf(`GET /${id}/api/v5${path}`)).toBe(200)
  expect(forwarded()).toEqual([`GET /api/v5${path}`])
})

test.each([
  [400, 'GET ID/api/v5/clients/../users'],
  [400, 'GET ID/api/v5/clients/./x'],
  [400, 'GET ID/api/v5/../../x'],
  [400, 'GET ID/api/v5/clients/%2e%2e/users'],
  [400, 'GET ID/api/v5/clients/%2E%2e%2Fusers'],
  [400, 'GET ID/api/v5/clients/..%2f..%2fapi_key'],
  [400, 'GET ID/api/v5/clients/%252e%252e'],
  [400, 'GET ID/api/v5//clients'],
  [400, 'GET ID/api/v5/clients//x'],
  [400, 'GET ID/api/v5/clients/'],
  [400, 'GET ID/api/v5/clients\\..\\users'],
  [400, 'GET ID/api/v5/clients/%5c..%5cusers'],
  [400, 'GET ID/api/v5/clients/%00'],
  [400, 'GET ID/api/v5/clients/a%0d%0aX-Evil:%201'],
  [400, 'GET ID/api/v5/clients/%zz'],
  [400, 'GET ID/api/v5/clients/%'],
  [400, 'GET ID/api/v5/clients/%c0%ae%c0%ae'],
  [400, 'GET ID/api/v5/clients/\u00e4'],
  [400, 'GET ID/api/v5/clients#fragment'],
  [400, 'GET ID/api/v5/clients?a#fragment'],
  [404, 'GET ID/api/v5/CLIENTS'],
  [404, 'GET ID/api/v5/nope'],
  [404, 'GET ID/api/v5'],
  [404, 'GET ID/api/clients'],
  [404, 'GET ID/api//v5/clients'],
  [404, 'GET ID/api/%2e%2e/v5/clients/x'],
  [404, 'GET ID//api/v5/clients'],
  [404, 'GET /ID/api/v5/clients'],
  [404, 'GET ID/%61pi/v5/clients'],
  [404, 'GET ID/x/../api/v5/clients'],
  [404, 'GET /x/..ID/api/v5/clients'],
  [401, 'GET ID;x/api/v5/clients'],
  [400, 'GET http://localhostID/api/v5/clients'],
  [400, 'GET http://evil.exampleID/api/v5/clients'],
  [400, 'GET localhostID/api/v5/clients'],
  [400, 'OPTIONS *'],
  [400, 'GET *'],
  [404, 'TRACE ID/api/v5/clients'],
  [404, 'PURGE ID/api/v5/clients'],
  [400, 'GET ID/api/v5/clients?q=\u00e4'],
  [400, 'FOO ID/api/v5/clients'],
  [431, `GET ID/api/v5/clients/${'x'.repeat(20_000)}`],
])('answers %d to %s and forwards nothing', async (status, line) => {
  expect(await statusOf(line.replace('ID', `/${id}`))).toBe(status)
  expect(forwarded()).toEqual([])
})

test('a connection asked for as a tunnel is closed', async () => {
  const answer = await sendRaw(server.port, `CONNECT localhost:1883 HTTP/1.1\r\nHost: x\r\n\r\n`)
  expect(answer).toBe('')
})

test.each([
  ['two lengths', ['Content-Length: 5', 'Content-Length: 6']],
  ['a length and chunks', ['Content-Length: 5', 'Transfer-Encoding: chunked']],
  ['an odd coding', ['Transfer-Encoding: xchunked']],
  ['chunks that are not last', ['Transfer-Encoding: chunked, identity']],
  ['a length that is none', ['Content-Length: +5']],
  ['a folded header', ['X-Folded: a', ' b']],
  ['a space before the colon', ['Content-Length : 5']],
  ['a second host', ['Host:']],
])('a request with %s never gets behind the gateway', async (_, headers) => {
  const smuggled = `GET /api/v5/users HTTP/1.1\r\nHost: x\r\n\r\n`
  const line = `POST /${id}/api/v5/publish`
  const status = await statusOf(line, headers, `0\r\n\r\n${smuggled}`)
  expect(status).toBeGreaterThanOrEqual(400)
  expect(forwarded()).toEqual([])
})

test('a body that looks like a request stays a body', async () => {
  const body = 'GET /api/v5/users HTTP/1.1\r\nHost: x\r\n\r\n'
  const length = `Content-Length: ${body.length}`
  expect(await statusOf(`POST /${id}/api/v5/publish`, [length], body)).toBe(200)
  const chunked = `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`
  expect(
    await statusOf(`POST /${id}/api/v5/publish`, ['Transfer-Encoding: chunked'], chunked),
  ).toBe(200)
  expect(forwarded()).toEqual(['POST /api/v5/publish', 'POST /api/v5/publish'])
})

test('repeated credentials are no credentials, whichever of them is right', async () => {
  const again = `Authorization: ${full.authorization}`
  expect(await statusOf(`GET /${id}/api/v5/clients`, [again])).toBe(401)
  expect(await statusOf(`GET /${id}/api/v5/clients`, ['Authorization: Basic eDp5'])).toBe(401)
  expect(forwarded()).toEqual([])
})

test('the method that was checked is the method that is forwarded', async () => {
  const override = {
    'x-http-method': 'DELETE',
    'x-http-method-override': 'DELETE',
    'x-method-override': 'DELETE',
  }
  const url = `${server.url}/${id}/api/v5/publish?_method=DELETE&%5fmethod=PUT&a=1`
  const { authorization } = narrow
  const answer = await fetch(url, { method: 'POST', headers: { ...override, authorization } })
  expect(answer.status).toBe(200)
  expect(forwarded()).toEqual(['POST /api/v5/publish?a=1'])
  const names = Object.keys(emqx.requests[0]?.headers ?? {})
  expect(names.filter((name) => name.includes('method'))).toEqual([])

  const refused = await fetch(`${server.url}/${id}/api/v5/clients/x?_method=GET`, {
    method: 'DELETE',
    headers: { 'x-http-method-override': 'GET', authorization },
  })
  expect(refused.status).toBe(403)
  expect(await refused.json()).toMatchObject({ required: 'DELETE /clients/{clientid}' })
})

test('a form of another origin’s page changes nothing, even with a key that the browser adds', async () => {
  const post = (site: string, path: string) =>
    statusOf(`POST /${id}/api/v5${path}`, [`Sec-Fetch-Site: ${site}`, 'Content-Length: 2'], '{}')
  expect(await post('cross-site', '/publish')).toBe(403)
  expect(await post('same-site', '/publish')).toBe(403)
  expect(forwarded()).toEqual([])
  expect(await post('same-origin', '/publish')).toBe(200)
  expect(forwarded()).toEqual(['POST /api/v5/publish'])
})

test('the upstream sees neither the caller’s credentials nor its cookies, nor what is for one hop', async () => {
  await statusOf(`GET /${id}/api/v5/clients`, [
    'Cookie: session=1',
    'Proxy-Authorization: Basic eDp5',
    'TE: trailers',
    'Keep-Alive: timeout=9',
    'X-Forwarded-For: 203.0.113.66',
    'X-Real-IP: 203.0.113.66',
    'Accept: application/json',
  ])
  const [request] = emqx.requests
  expect(request?.headers['authorization']).toBe(`Basic ${btoa('upstream:upstream-s3cret')}`)
  expect(request?.headers['host']).toBe(new URL(emqx.url).host)
  // Where the call comes from, as the gateway knows it.
  expect(request?.headers['x-forwarded-for']).toBe('127.0.0.1')
  const names = (request?.rawHeaders ?? []).filter((_, at) => at % 2 === 0)
  expect(names.map((name) => name.toLowerCase()).toSorted()).toEqual([
    'accept',
    'authorization',
    'connection',
    'host',
    'x-forwarded-for',
    'x-request-id',
  ])
})

test('an asked-for upgrade is no way past the gateway', async () => {
  const upgrade = ['Connection: Upgrade', 'Upgrade: h2c']
  expect(await statusOf(`GET /${id}/api/v5/clients`, upgrade)).toBe(200)
  expect(await statusOf(`GET /${id}/api/v5/nope`, upgrade)).toBe(404)
  const [request] = emqx.requests
  expect(request?.headers).not.toHaveProperty('upgrade')
  expect(request?.headers['connection']).not.toMatch(/upgrade/i)
})
