import { methods, type Method, type Operation } from '../../../contract/catalog/operation.ts'
import type { CatalogAnswer } from '../../../contract/schemas.ts'

/** An operation as the console shows it. A retired one is still listed by a key, and grants nothing. */
export type CatalogOperation = Operation & { standing: 'offered' | 'notOffered' | 'retired' }

export type CatalogCategory = { name: string; operations: readonly CatalogOperation[] }

/** A deployment's catalog with what its backend offers; fits wherever the contract asks for a catalog. */
export type CatalogView = {
  categories: readonly CatalogCategory[]
  operations: readonly CatalogOperation[]
  byId: ReadonlyMap<string, CatalogOperation>
}

export const RETIRED_CATEGORY = 'Retired'

function indexCategories(categories: readonly CatalogCategory[]): CatalogView {
  const operations = categories.flatMap((category) => category.operations)
  return { categories, operations, byId: new Map(operations.map((one) => [one.id, one])) }
}

/** Lays out the management API's catalog answer for showing. */
export function viewCatalog(answer: CatalogAnswer): CatalogView {
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
        standing: supported ? 'offered' : 'notOffered',
      })),
    })),
  )
}

/** The catalog with a last category for listed operations that it no longer has. */
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
      standing: 'retired',
    },
  ]
}

/** The methods that the catalog has, in the order of the contract; PATCH only where it is used. */
export function methodsOf(catalog: CatalogView): Method[] {
  const used = new Set(catalog.operations.map((operation) => operation.method))
  return methods.filter((method) => method !== 'PATCH' || used.has(method))
}

/** What is said of operations that a deployment's backend doesn't offer. */
export function notOfferedText(backend: 'embedded' | 'emqx'): string {
  return backend === 'embedded' ? 'Not offered by the embedded broker' : 'Not offered by this EMQX'
}
