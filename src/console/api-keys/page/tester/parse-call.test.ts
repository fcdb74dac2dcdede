import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { deployment } from '../../testing.tsx'
import { parseCall } from './parse-call.ts'
import { isCurl, parseCurl } from './parse-curl.ts'

const base = deployment.apiBaseUrl
const curl = (rest: string) => parseCurl(`curl ${rest}`)

describe('a curl line', () => {
  test.each([
    [`${base}/clients`, 'GET'],
    [`-X DELETE ${base}/clients/a`, 'DELETE'],
    [`-XDELETE ${base}/clients/a`, 'DELETE'],
    [`--request PUT ${base}/rules/1`, 'PUT'],
    [`--request=PUT ${base}/rules/1`, 'PUT'],
    [`-I ${base}/clients`, 'HEAD'],
    [`--head ${base}/clients`, 'HEAD'],
    [`-sSI ${base}/clients`, 'HEAD'],
    [`-d '{}' ${base}/publish`, 'POST'],
    [`--data-raw=x ${base}/publish`, 'POST'],
    [`--json '{"a":1}' ${base}/publish`, 'POST'],
    [`-G -d limit=5 ${base}/clients`, 'GET'],
    [`-T file ${base}/rules/1`, 'PUT'],
    [`-d x -X PATCH ${base}/rules/1`, 'PATCH'],
  ])('%s is a call with %s', (rest, method) => {
    expect(curl(rest)?.method).toBe(method)
  })

  test.each([
    `-u k4f1c09ae2b7:lks_x ${base}/clients`,
    `-suk4f1c09ae2b7:lks_x ${base}/clients`,
    `--user 'k4f1c09ae2b7:lks_x' --max-time 5 ${base}/clients`,
    `-H "Authorization: Basic x" -H 'Accept: a/b' --url ${base}/clients`,
    `-kLsS --compressed --fail-with-body -o out.json ${base}/clients | jq .`,
    `--no-progress-meter --url=${base}/clients`,
    `\\\n  -u 'k:s' \\\r\n  '${base}/clients' \\\n`,
  ])('%s has its address among the other options', (rest) => {
    expect(curl(rest)?.url).toBe(`${base}/clients`)
  })

  test('keeps the address as it is written, quotes apart', () => {
    expect(curl(`"${base}/clients/a%2Fb"`)?.url).toBe(`${base}/clients/a%2Fb`)
    expect(curl(`'${base}/clients/it'\\''s'`)?.url).toBe(`${base}/clients/it's`)
    expect(curl(`${base}/clients?like=a&limit=2`)?.url).toBe(`${base}/clients?like=a`)
  })

  test('without an address is none', () => {
    expect(curl('-s -X GET')).toBeUndefined()
    expect(isCurl('curly /clients')).toBe(false)
    expect(isCurl(`  $ curl ${base}`)).toBe(true)
  })

  test('never makes the reader fail', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const read = curl(text)
        expect(read === undefined || read.url !== undefined).toBe(true)
      }),
    )
  })
})

describe('a call to test', () => {
  const call = (text: string) => parseCall(deployment, 'GET', text)

  test.each([
    ['/clients/a%2Fb', '/clients/a%2Fb'],
    [' /clients?limit=5 ', '/clients'],
    [`${base}/clients/a`, '/clients/a'],
    ['/plant/api/v5/clients', '/clients'],
    ['https://emqx.example:18083/api/v5/clients', '/clients'],
    ['curl localhost/plant/api/v5/clients', '/clients'],
  ])('%s is for the path %s', (text, path) => {
    expect(call(text)).toEqual({ ok: true, call: { method: 'GET', path } })
  })

  test('takes a method that stands before the path', () => {
    expect(call('delete /clients/a')).toEqual({
      ok: true,
      call: { method: 'DELETE', path: '/clients/a' },
    })
  })

  test.each([
    ['https://example.com/clients', /isn’t of this deployment/],
    [`${base.replace('plant', 'other')}/clients`, /isn’t of this deployment/],
    ['curl -s', /no address/],
    ['OPTIONS /clients', /OPTIONS/],
    ['', /Write a path/],
  ])('%s is none, and it says why', (text, reason) => {
    const reading = call(text)
    expect(reading.ok ? '' : reading.problem).toMatch(reason)
  })
})
