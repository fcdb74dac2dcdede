import { methods, type Method, type Operation } from '../../../contract/catalog/operation.ts'
import type { CatalogAnswer } from '../../../contract/catalog/schemas.ts'

/** An operation with its availability. A retired one is still in a key's list, but grants nothing. */
export type CatalogOperation = Operation & { availability: 'offered' | 'notOffered' | 'retired' }

export type CatalogCategory = { name: string; operations: readonly CatalogOperation[] }

/** A deployment's catalog, indexed. It can be passed wherever the contract takes a catalog. */
export type CatalogView = {
  categories: readonly CatalogCategory[]
  operations: readonly CatalogOperation[]
  byId: ReadonlyMap<string, CatalogOperation>
}

/** The name of the category that holds retired operations. */
export const RETIRED_CATEGORY = 'Retired'

function indexCategories(categories: readonly CatalogCategory[]): CatalogView {
  const operations = categories.flatMap((category) => category.operations)
  return { categories, operations, byId: new Map(operations.map((one) => [one.id, one])) }
}

/** Indexes the catalog that the management API returned. */
export function toCatalogView(answer: CatalogAnswer): CatalogView {
  return indexCategories(
    answer.categories.map(({ name, operations }) => ({
      name,
      operations: operations.map(({ id, method, path, summary, risk, supported }) => ({
        id,
        method,
        path,
        category: name,
        summary,
        ...(risk !== undefined && { risk }),
        availability: supported ? 'offered' : 'notOffered',
      })),
    })),
  )
}

/** Appends a "Retired" category with the listed operations that the catalog no longer has. */
export function withRetired(catalog: CatalogView, listed: Iterable<string>): CatalogView {
  const retired = [...listed].filter((id) => !catalog.byId.has(id)).flatMap(retiredOperation)
  if (retired.length === 0) return catalog
  return indexCategories([...catalog.categories, { name: RETIRED_CATEGORY, operations: retired }])
}

function retiredOperation(id: string): CatalogOperation[] {
  const [first = '', path = ''] = id.split(' ')
  const method = methods.find((one) => one === first)
  if (!method || !path.startsWith('/')) return []
  const template: `/${string}` = `/${path.slice(1)}`
  const summary = 'No longer in the catalog; it grants nothing'
  return [
    {
      id: `${method} ${template}`,
      method,
      path: template,
      category: RETIRED_CATEGORY,
      summary,
      availability: 'retired',
    },
  ]
}

/** The methods to filter by, in the contract's order; PATCH only if an operation uses it. */
export function catalogMethods(catalog: CatalogView): Method[] {
  const used = new Set(catalog.operations.map((operation) => operation.method))
  return methods.filter((method) => method !== 'PATCH' || used.has(method))
}

/** The label of operations that this kind of backend doesn't implement. */
export function notOfferedText(backend: 'embedded' | 'emqx'): string {
  return backend === 'embedded' ? 'Not offered by the embedded broker' : 'Not offered by this EMQX'
}
