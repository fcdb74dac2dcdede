import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import type { OperationId } from '../catalog/operation.ts'
import { v5Catalog } from '../catalog/v5.ts'
import { decide, type Access } from './access.ts'
import { compileRouter } from './router.ts'
import { callOf, parameterValueIn, plainPathOf, planCatalogs } from './testing.ts'

const list = (...operations: OperationId[]): Access => ({ mode: 'list', operations })

describe.each(planCatalogs)('in the %s catalog', (_name, catalog) => {
  const router = compileRouter(catalog)
  const { operations } = catalog

  it('a key for one operation reaches that one and none of the others', () => {
    for (const granted of operations) {
      for (const called of operations) {
        const decision = decide(router, list(granted.id), called.method, plainPathOf(called, 'x'))
        const outcome = called === granted ? 'allowed' : 'notGranted'
        expect(decision).toMatchObject({ outcome, operation: called })
      }
    }
  })

  it('full access reaches all of it', () => {
    for (const called of operations) {
      const decision = decide(router, { mode: 'full' }, called.method, plainPathOf(called, 'x'))
      expect(decision).toMatchObject({ outcome: 'allowed', operation: called })
    }
  })

  it('an empty list, and one of operations that are gone, reach nothing', () => {
    const gone = list('GET /gone', 'PATCH /clients', 'GET /clients/', 'GET /clients/{id}')
    for (const access of [list(), gone]) {
      for (const called of operations) {
        const { outcome } = decide(router, access, called.method, plainPathOf(called, 'x'))
        expect([called.id, outcome]).toEqual([called.id, 'notGranted'])
      }
    }
  })

  it('a list of everything reaches nothing beyond', () => {
    const everything = list(...operations.map((one) => one.id), 'GET /license', 'GET /users')
    for (const path of ['/license', '/users', '/gone', '/clients/a/gone']) {
      expect(decide(router, everything, 'GET', path)).toEqual({ outcome: 'unknownOperation' })
    }
  })

  it('a list as long as the catalog grants no more than it says', () => {
    const ids = operations.map((one) => one.id)
    for (const missing of operations) {
      const rest = ids.filter((id) => id !== missing.id)
      const access = list(...rest, 'GET /gone', 'POST /gone', 'PUT /gone')
      const decision = decide(router, access, missing.method, plainPathOf(missing, 'x'))
      expect(decision).toEqual({ outcome: 'notGranted', operation: missing })
    }
  })

  it('any key and any call: allowed exactly what is listed, however the path is written', () => {
    const value = parameterValueIn(catalog)
    const call = fc
      .constantFrom(...operations)
      .chain((called) => fc.tuple(fc.constant(called), callOf(called, value)))
    const listed = fc.subarray(operations.map((one) => one.id))
    fc.assert(
      fc.property(listed, call, (ids, [operation, { parameters, rawPath }]) => {
        const expected = ids.includes(operation.id)
          ? { outcome: 'allowed', operation, parameters }
          : { outcome: 'notGranted', operation }
        expect(decide(router, list(...ids), operation.method, rawPath)).toEqual(expected)
      }),
      { numRuns: 500 },
    )
  })
})

describe('one call', () => {
  const router = compileRouter(v5Catalog)
  const full: Access = { mode: 'full' }

  it('hands over the decoded parameters', () => {
    expect(decide(router, full, 'DELETE', '/banned/username/%C3%BC%2Fa')).toMatchObject({
      outcome: 'allowed',
      parameters: { as: 'username', who: 'ü/a' },
    })
  })

  it('HEAD needs the permission of GET', () => {
    const head = (access: Access) => decide(router, access, 'HEAD', '/clients').outcome
    expect(head(list('GET /clients'))).toBe('allowed')
    expect(head(list('POST /publish', 'GET /clients/{clientid}'))).toBe('notGranted')
  })

  it.each([
    ['get', '/clients'],
    ['OPTIONS', '/clients'],
    ['PATCH', '/clients'],
    ['HEAD', '/publish'],
    ['GET', '/nothing'],
    ['POST', '/clients/kickout'],
    ['GET', '/api_key'],
    ['POST', '/login'],
    ['GET', '/api/v5/clients'],
  ])('%s %s is unknown even to full access', (method, rawPath) => {
    expect(decide(router, full, method, rawPath)).toEqual({ outcome: 'unknownOperation' })
  })

  it.each(['/clients/', '//clients', '/clients/%2e%2e/api_key', '/clients/a%2F..%2Fb', 'clients'])(
    'a path that could be read in two ways, %s, is refused to full access',
    (rawPath) => {
      expect(decide(router, full, 'GET', rawPath)).toMatchObject({ outcome: 'malformedPath' })
    },
  )

  it.each([
    [list('GET /clients'), 'GET', '/clients/a', 'notGranted'],
    [list('GET /clients/{clientid}'), 'GET', '/clients', 'notGranted'],
    [list('GET /clients/{clientid}'), 'GET', '/clients/a%2Fsubscriptions', 'allowed'],
    [list('GET /clients/{clientid}'), 'GET', '/clients/a/subscriptions', 'notGranted'],
    [list('DELETE /clients/{clientid}'), 'POST', '/clients/kickout/bulk', 'notGranted'],
    [list('POST /connectors/{id}/{operation}'), 'PUT', '/connectors/a/enable/true', 'notGranted'],
    [list('DELETE /banned/{as}/{who}'), 'DELETE', '/banned', 'notGranted'],
  ])('%o: %s %s is %s', (access, method, rawPath, outcome) => {
    expect(decide(router, access, method, rawPath).outcome).toBe(outcome)
  })
})

test('an id grants as it is written, not as something that looks like it', () => {
  const router = compileRouter(v5Catalog)
  const lookalikes = [
    'GET /CLIENTS',
    'GET /clients ',
    'GET /clients/',
    'GET /%63lients',
    'GET /{clientid}',
    'GET /*',
    'POST /clients',
  ] as const
  expect(decide(router, list(...lookalikes), 'GET', '/clients').outcome).toBe('notGranted')
})
