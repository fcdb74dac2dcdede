import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { defineCatalog, methods, type Catalog } from '../catalog/operation.ts'
import { v4Catalog } from '../catalog/v4.ts'
import { v5Catalog } from '../catalog/v5.ts'
import { isBlockedOperation } from './blocked-operations.ts'
import { parsePath } from './path.ts'
import { compileRouter, matchOperation } from './router.ts'
import {
  callOf,
  enterpriseCatalog,
  parameterValueIn,
  plainPathOf,
  planCatalogs,
} from './testing.ts'

/** The id of what a request leads to, and its parameters. */
function find(catalog: Catalog, method: string, rawPath: string) {
  const match = matchOperation(compileRouter(catalog), method, segmentsOf(rawPath))
  return match && [match.operation.id, match.parameters]
}

function segmentsOf(rawPath: string): string[] {
  const path = parsePath(rawPath)
  if (!path.ok) throw new Error(path.problem)
  return path.segments
}

describe('what a request leads to', () => {
  it.each([
    ['GET', '/clients/a%2Fb', 'GET /clients/{clientid}', { clientid: 'a/b' }],
    ['HEAD', '/clients/a', 'GET /clients/{clientid}', { clientid: 'a' }],
    ['HEAD', '/clients', 'GET /clients', {}],
    ['POST', '/clients/kickout/bulk', 'POST /clients/kickout/bulk', {}],
    // Past a literal that leads nowhere, back to the parameter.
    ['GET', '/clients/kickout', 'GET /clients/{clientid}', { clientid: 'kickout' }],
    ['DELETE', '/clients/kickout', 'DELETE /clients/{clientid}', { clientid: 'kickout' }],
    [
      'POST',
      '/clients/kickout/subscribe/bulk',
      'POST /clients/{clientid}/subscribe/bulk',
      { clientid: 'kickout' },
    ],
    ['GET', '/clients/__proto__', 'GET /clients/{clientid}', { clientid: '__proto__' }],
    ['POST', '/actions/a/start', 'POST /actions/{id}/{operation}', { id: 'a', operation: 'start' }],
    ['GET', '/actions/a/metrics', 'GET /actions/{id}/metrics', { id: 'a' }],
    ['DELETE', '/banned/clientid/a', 'DELETE /banned/{as}/{who}', { as: 'clientid', who: 'a' }],
    [
      'GET',
      '/authentication/password_based%3Abuilt_in_database/users',
      'GET /authentication/password_based:built_in_database/users',
      {},
    ],
  ])('%s %s', (method, rawPath, id, parameters) => {
    expect(find(v5Catalog, method, rawPath)).toEqual([id, parameters])
  })

  it.each([
    // The literal has the path; another method's parameter doesn't take it.
    ['GET', '/clients/kickout/bulk'],
    ['POST', '/actions/a/metrics'],
    ['HEAD', '/publish'],
    ['get', '/clients'],
    ['OPTIONS', '/clients'],
    ['TRACE', '/clients'],
    ['', '/clients'],
    ['__proto__', '/clients'],
    ['PATCH', '/clients/a'],
    ['PUT', '/clients/a'],
    ['GET', '/Clients'],
    ['GET', '/clients%2Fa'],
    ['GET', '/clients/a/b'],
    ['GET', '/client'],
    ['GET', '/authentication'],
    ['GET', '/constructor'],
    ['GET', '/authentication/password_based%253Abuilt_in_database/users'],
  ])('%s %s leads nowhere', (method, rawPath) => {
    expect(find(v5Catalog, method, rawPath)).toBeUndefined()
  })

  it('tells the v4 list of everyone from a client or user of that name', () => {
    expect(find(v4Catalog, 'GET', '/acl/%24all')).toEqual(['GET /acl/$all', {}])
    expect(find(v4Catalog, 'GET', '/acl/clientid/$all')).toEqual([
      'GET /acl/clientid/{clientid}',
      { clientid: '$all' },
    ])
    expect(find(v4Catalog, 'DELETE', '/acl/$all/topic/a%2F%23')).toEqual([
      'DELETE /acl/$all/topic/{topic}',
      { topic: 'a/#' },
    ])
  })

  it('names parameters as the operation does, not as another one with the same place', () => {
    const catalog = defineCatalog({
      Delayed: [
        ['GET', '/delayed/{node}/{msgid}', 'Show a message'],
        ['DELETE', '/delayed/{topic}', 'Delete messages of a topic'],
      ],
    })
    expect(find(catalog, 'GET', '/delayed/n/m')?.[1]).toEqual({ node: 'n', msgid: 'm' })
    expect(find(catalog, 'DELETE', '/delayed/t')?.[1]).toEqual({ topic: 't' })
  })

  it('keeps no value of a way that led nowhere', () => {
    const catalog = defineCatalog({
      Ways: [
        ['GET', '/a/b/{x}/{y}/end', 'Show an end'],
        ['GET', '/a/{z}/c/d/other', 'Show another'],
      ],
    })
    expect(find(catalog, 'GET', '/a/b/c/d/other')?.[1]).toEqual({ z: 'b' })
  })

  it('gives the path of what no key may reach to no parameter', () => {
    const catalog = defineCatalog({
      Anything: [
        ['GET', '/{family}/{name}', 'Show anything'],
        ['GET', '/users/{username}', 'Show a user'],
      ],
    })
    expect(find(catalog, 'GET', '/users/admin')).toBeUndefined()
    expect(find(catalog, 'GET', '/topics/a')?.[0]).toBe('GET /{family}/{name}')
  })
})

test.each([...planCatalogs, ['Enterprise', enterpriseCatalog] as const])(
  'any writing of a path in the %s catalog finds its operation and gives its values back',
  (_name, catalog) => {
    const router = compileRouter(catalog)
    const value = parameterValueIn(catalog)
    for (const operation of catalog.operations.filter((one) => !isBlockedOperation(one))) {
      fc.assert(
        fc.property(callOf(operation, value), ({ parameters, rawPath }) => {
          const match = matchOperation(router, operation.method, segmentsOf(rawPath))
          expect(match).toEqual({ operation, parameters })
        }),
        { numRuns: 25 },
      )
    }
  },
)

test.each([...planCatalogs, ['Enterprise', enterpriseCatalog] as const])(
  'in the %s catalog the path alone picks the template, literals first from left to right',
  (_name, catalog) => {
    const router = compileRouter(catalog)
    const templates = [...new Set(catalog.operations.map((one) => one.path))].map((path) => ({
      path,
      parts: path.slice(1).split('/'),
      rank: path.replace(/[^/{]+/g, '0').replace(/\{[^/]+/g, '1'),
    }))
    // Segments as they stand in templates, each at times another template's, so that many meet.
    const literal = fc.constantFrom(...new Set(templates.flatMap((one) => one.parts)))
    const someSegments = fc
      .constantFrom(...templates)
      .chain(({ parts }) => fc.tuple(...parts.map((part) => fc.oneof(fc.constant(part), literal))))
    fc.assert(
      fc.property(someSegments, (segments) => {
        const fitting = templates.filter(
          ({ parts }) =>
            parts.length === segments.length &&
            parts.every((part, at) => part.startsWith('{') || part === segments[at]),
        )
        const best = fitting.toSorted((one, other) => (one.rank < other.rank ? -1 : 1))[0]
        for (const method of methods) {
          const expected = catalog.byId.get(`${method} ${best?.path}`)
          const reachable = expected && !isBlockedOperation(expected) ? expected : undefined
          expect(matchOperation(router, method, segments)?.operation).toBe(reachable)
        }
      }),
      { numRuns: 1_000 },
    )
  },
)

test('no operation outside the v5 catalog is reached through a parameter of one inside', () => {
  const router = compileRouter(v5Catalog)
  const outside = enterpriseCatalog.operations.filter((one) => !v5Catalog.byId.has(one.id))
  // Six of the 77 are there in a more general form: `/authentication/{id}/users` and the like.
  expect(outside).toHaveLength(371 - 77 + 6)
  for (const operation of outside) {
    const segments = segmentsOf(plainPathOf(operation, 'x'))
    expect(matchOperation(router, operation.method, segments)).toBeUndefined()
    // Another method may lead there, where the catalog has that very path.
    for (const method of methods) {
      const match = matchOperation(router, method, segments)
      expect([undefined, operation.path]).toContain(match?.operation.path)
    }
  }
})
