import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import type { OperationId } from '../catalog/operation.ts'
import { v5Catalog } from '../catalog/v5.ts'
import { decide, type Access } from './access.ts'
import { summarizeRisk } from './risk-summary.ts'
import { compileRouter } from './router.ts'
import { plainPathOf, planCatalogs } from './testing.ts'

const list = (...operations: OperationId[]): Access => ({ mode: 'list', operations })

describe.each(planCatalogs)('the power of an access over the %s catalog', (_name, catalog) => {
  const ids = catalog.operations.map(({ id }) => id)
  const some = fc.subarray(ids)
  const router = compileRouter(catalog)

  it('is what the gateway would let the key do', () => {
    fc.assert(
      fc.property(some, (operations) => {
        const access = list(...operations)
        const allowed = catalog.operations.filter(
          (one) => decide(router, access, one.method, plainPathOf(one, 'x')).outcome === 'allowed',
        )
        const { level, risky } = summarizeRisk(access, catalog)
        expect(risky).toEqual(allowed.filter(({ risk }) => risk !== undefined))
        const harmless = allowed.some(({ method }) => method !== 'GET') ? 'write' : 'read'
        const reached = allowed.length === 0 ? 'none' : harmless
        expect(level).toBe(risky.length > 0 ? 'undoLimits' : reached)
      }),
    )
  })

  it('never grows by taking a right away', () => {
    const order = ['none', 'read', 'write', 'undoLimits']
    fc.assert(
      fc.property(some, fc.nat(), (operations, at) => {
        const fewer = operations.filter((_, index) => index !== at % operations.length)
        const [less, more] = [fewer, operations].map(
          (ids) => summarizeRisk(list(...ids), catalog).level,
        )
        expect(order.indexOf(less ?? '')).toBeLessThanOrEqual(order.indexOf(more ?? ''))
      }),
    )
  })

  it('is all there is with full access', () => {
    expect(summarizeRisk({ mode: 'full' }, catalog)).toMatchObject({
      level: 'undoLimits',
      isNarrow: false,
    })
  })
})

test('a single dangerous right in a short list is found', () => {
  const access = list('GET /clients', 'PUT /rules/{id}')
  const { level, risky, isNarrow } = summarizeRisk(access, v5Catalog)
  expect({ level, isNarrow }).toEqual({ level: 'undoLimits', isNarrow: true })
  expect(risky.map(({ id }) => id)).toEqual(['PUT /rules/{id}'])
})

test('what the catalog no longer has amounts to nothing', () => {
  expect(summarizeRisk(list('POST /gone'), v5Catalog).level).toBe('none')
  expect(summarizeRisk(list('POST /gone', 'GET /clients'), v5Catalog).level).toBe('read')
  expect(summarizeRisk(list('DELETE /actions/{id}'), v5Catalog).level).toBe('write')
})
