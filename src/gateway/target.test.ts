import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isV5Target, parseTarget, pathBelowV5 } from './target.ts'

test('splits deployment, path and query, and changes no byte of them', () => {
  expect(parseTarget('/plant/api/v5/clients/a%2Fb?x=%zz&y')).toEqual({
    deploymentId: 'plant',
    apiPath: '/v5/clients/a%2Fb',
    rawQuery: '?x=%zz&y',
  })
  expect(parseTarget('/cold-chain/api/clients')).toMatchObject({ apiPath: '/clients' })
  expect(parseTarget('/p/api')).toEqual({ deploymentId: 'p', apiPath: '', rawQuery: '' })
  expect(parseTarget('/p/api?q')).toEqual({ deploymentId: 'p', apiPath: '', rawQuery: '?q' })
})

test('what is joined again is what came', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^\/[a-z]{1,8}\/api(?:\/[!-~]{0,20})?$/), (raw) => {
      const target = parseTarget(raw)
      if (!target) return
      expect(`/${target.deploymentId}/api${target.apiPath}${target.rawQuery}`).toBe(raw)
    }),
  )
})

test('nothing but the plain spelling is an address of the gateway', () => {
  const others = [
    '',
    '/',
    '*',
    '/api/v1/deployments',
    '/api',
    '//api/v5/clients',
    '/p//api/v5/clients',
    '/p/API/v5/clients',
    '/p/%61pi/v5/clients',
    '/p/../api/v5/clients',
    '/p/apis/v5',
    '/p/mqtt',
    'p/api/v5/clients',
    'http://p/api/v5/clients',
    'http://host/p/api/v5/clients',
    '/?/p/api/v5/clients',
    `/${'p'.repeat(65)}/api/v5/clients`,
  ]
  expect(others.filter((raw) => parseTarget(raw) !== undefined)).toEqual([])
})

test('tells the base of v5 from what only starts like it', () => {
  const target = (apiPath: string) => ({ deploymentId: 'p', apiPath, rawQuery: '' })
  expect(isV5Target(target('/v5/clients'))).toBe(true)
  expect(pathBelowV5(target('/v5/clients'))).toBe('/clients')
  expect(isV5Target(target('/v5'))).toBe(true)
  const others = ['', '/', '/v5x/clients', '/v4/clients', '/%765/clients', '//v5/clients']
  expect(others.filter((path) => isV5Target(target(path)))).toEqual([])
})
