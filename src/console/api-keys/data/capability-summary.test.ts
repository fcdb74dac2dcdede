import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Catalog, OperationId } from '../../../contract/catalog/operation.ts'
import { serverlessCatalog } from '../../../contract/catalog/serverless.ts'
import { v4Catalog } from '../../../contract/catalog/v4.ts'
import { v5Catalog } from '../../../contract/catalog/v5.ts'
import { capabilityText } from './capability-summary.ts'
import { toCatalogView } from './catalog-view.ts'

const view = (catalog: Catalog) =>
  toCatalogView({
    categories: catalog.categories.map(({ name, operations }) => ({
      name,
      operations: operations.map(({ id, method, path, summary }) => {
        return { id, method, path, summary, supported: true }
      }),
    })),
  })
const v5 = view(v5Catalog)
const text = (...operations: OperationId[]) => capabilityText({ mode: 'list', operations }, v5)

describe('capability summary', () => {
  it('says what is read, published and changed, in catalog order', () => {
    expect(text('POST /publish', 'GET /subscriptions', 'PUT /rules/{id}', 'GET /clients')).toBe(
      'Read clients and subscriptions · publish · change rules',
    )
  })

  it('starts with a capital whatever comes first', () => {
    expect(text('POST /publish')).toBe('Publish')
    expect(text('DELETE /banned')).toBe('Change bans')
  })

  it('names at most four things of a kind', () => {
    const reads = v5.operations.filter(({ method }) => method === 'GET').map(({ id }) => id)
    expect(text(...reads)).toBe('Read actions, users, permissions and 7 more')
  })

  it('tells full access and nothing apart from every list', () => {
    expect(capabilityText({ mode: 'full' }, v5)).toBe('Everything, now and later')
    expect(text()).toBe('Nothing yet')
    expect(text('GET /gone')).toBe('Nothing yet')
  })

  it('reads well for the categories of v4 and Serverless', () => {
    const all = (catalog: Catalog) => {
      const operations = catalog.operations.map(({ id }) => id)
      return capabilityText({ mode: 'list', operations }, view(catalog))
    }
    expect(all(serverlessCatalog)).toBe('Read clients and subscriptions · publish · change clients')
    expect(all(v4Catalog)).toBe(
      'Read users, ACL rules, clients and 5 more · publish · change users, ACL rules, clients and 4 more',
    )
  })

  it('does not depend on the order of the list and stays short', () => {
    const ids = v5.operations.map(({ id }) => id)
    fc.assert(
      fc.property(fc.shuffledSubarray(ids), (some) => {
        expect(text(...some)).toBe(text(...some.toSorted()))
        expect(text(...some).length).toBeLessThan(140)
      }),
    )
  })

  it('works for a category that nobody has named', () => {
    const catalog = toCatalogView({
      categories: [
        {
          name: 'MQTT Gateway Listeners',
          operations: [
            { id: 'GET /x', method: 'GET', path: '/x', summary: 'List', supported: true },
          ],
        },
      ],
    })
    expect(capabilityText({ mode: 'list', operations: ['GET /x'] }, catalog)).toBe(
      'Read MQTT gateway listeners',
    )
  })
})
