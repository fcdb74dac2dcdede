import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { methods, type OperationId } from '../catalog/operation.ts'
import { v4Catalog } from '../catalog/v4.ts'
import { v5Catalog } from '../catalog/v5.ts'
import { decide, type Access } from './access.ts'
import { compileRouter } from './router.ts'
import { diffOperations, summarizeAccess } from './summary.ts'
import { plainPathOf, planCatalogs } from './testing.ts'

const sum = (numbers: number[]) => numbers.reduce((total, one) => total + one, 0)

describe.each(planCatalogs)('a summary over the %s catalog', (_name, catalog) => {
  const gone: OperationId[] = ['GET /gone', 'POST /also/{gone}']
  const someAccess: fc.Arbitrary<Access> = fc.oneof(
    fc.constant<Access>({ mode: 'full' }),
    fc
      .shuffledSubarray([...catalog.operations.map((one) => one.id), ...gone])
      .map((operations): Access => ({ mode: 'list', operations })),
  )

  it('adds up, in the order of the catalog', () => {
    fc.assert(
      fc.property(someAccess, (access) => {
        const summary = summarizeAccess(access, catalog)
        const shown = summary.categories.flatMap((one) => one.granted)
        expect(shown).toEqual(catalog.operations.filter((one) => shown.includes(one)))
        expect(summary.granted).toBe(shown.length)
        expect(sum(summary.byMethod.map((one) => one.count))).toBe(shown.length)
        expect(summary.total).toBe(catalog.operations.length)
        expect(summary.categories.every((one) => one.granted.length > 0)).toBe(true)
        for (const { name, total } of summary.categories) {
          expect(total).toBe(catalog.operations.filter((one) => one.category === name).length)
        }
        const order = methods.filter((method) => shown.some((one) => one.method === method))
        expect(summary.byMethod.map((one) => one.method)).toEqual(order)
        expect(summary.risky).toEqual(shown.filter((one) => one.risk !== undefined))
        const listed = access.mode === 'full' ? summary.total : access.operations.length
        expect(summary.granted + summary.retired.length).toBe(listed)
      }),
    )
  })

  it('shows exactly what the gateway would allow', () => {
    const router = compileRouter(catalog)
    fc.assert(
      fc.property(someAccess, (access) => {
        const allowed = catalog.operations.filter(
          (one) => decide(router, access, one.method, plainPathOf(one, 'x')).outcome === 'allowed',
        )
        const { categories } = summarizeAccess(access, catalog)
        expect(categories.flatMap((one) => one.granted)).toEqual(allowed)
      }),
      { numRuns: 30 },
    )
  })
})

test('a summary names what the catalog no longer has, as listed', () => {
  const access: Access = {
    mode: 'list',
    operations: [
      'POST /b',
      'GET /clients',
      'GET /a',
      'POST /publish',
      'DELETE /clients/{clientid}',
    ],
  }
  expect(summarizeAccess(access, v5Catalog)).toMatchObject({
    granted: 3,
    total: 77,
    byMethod: [
      { method: 'GET', count: 1 },
      { method: 'POST', count: 1 },
      { method: 'DELETE', count: 1 },
    ],
    categories: [
      { name: 'Clients', total: 13, granted: [{ id: 'GET /clients' }, { method: 'DELETE' }] },
      { name: 'Publish', total: 2, granted: [{ id: 'POST /publish' }] },
    ],
    retired: ['POST /b', 'GET /a'],
    risky: [{ id: 'DELETE /clients/{clientid}' }, { id: 'POST /publish' }],
  })
})

test('a full summary counts each method, PATCH where the catalog has it', () => {
  const counts = (catalog: typeof v4Catalog) =>
    summarizeAccess({ mode: 'full' }, catalog).byMethod.map((one) => `${one.count} ${one.method}`)
  expect(counts(v4Catalog)).toEqual(['26 GET', '13 POST', '5 PUT', '1 PATCH', '10 DELETE'])
  expect(counts(v5Catalog)).toEqual(['29 GET', '22 POST', '11 PUT', '15 DELETE'])
  expect(summarizeAccess({ mode: 'list', operations: [] }, v5Catalog)).toMatchObject({
    granted: 0,
    byMethod: [],
    categories: [],
    retired: [],
  })
})

describe('what changed between two selections', () => {
  it('is in the order of the selection that has it, each once', () => {
    expect(diffOperations(['c', 'a', 'b', 'a'], ['d', 'b', 'e', 'd'])).toEqual({
      added: ['d', 'e'],
      removed: ['c', 'a'],
    })
    expect(diffOperations(['a', 'b'], ['b', 'a'])).toEqual({ added: [], removed: [] })
  })

  it('turns the one into the other', () => {
    const selection = fc.uniqueArray(fc.constantFrom(...'abcdefgh'))
    fc.assert(
      fc.property(selection, selection, (before, after) => {
        const { added, removed } = diffOperations(before, after)
        const turned = new Set([...before.filter((id) => !removed.includes(id)), ...added])
        expect(turned).toEqual(new Set(after))
        expect(turned.size).toBe(before.length - removed.length + added.length)
        expect(diffOperations(after, before)).toEqual({ added: removed, removed: added })
      }),
    )
  })
})
