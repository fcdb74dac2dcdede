/** The HTTP methods of the Deployment API, in the console's order. */
export const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const
export type Method = (typeof methods)[number]

/** An operation's id: its method and path template, such as `GET /clients/{clientid}`. */
export type OperationId = `${Method} /${string}`

/** One method + path template of the Deployment API. */
export type Operation = {
  id: OperationId
  method: Method
  /** Path template below the API base URL, with parameters in braces. */
  path: `/${string}`
  category: string
  /** What the operation does, in a few words that start with a verb. */
  summary: string
  /** One sentence, only if a key with this operation can bypass other limits. */
  risk?: string
}

export type Category = { name: string; operations: readonly Operation[] }

/** The operations of one plan and version, in their categories. */
export type Catalog = {
  categories: readonly Category[]
  operations: readonly Operation[]
  byId: ReadonlyMap<string, Operation>
}

/** One line of a catalog's source: method, path template, summary, and a risk note if it has one. */
export type OperationLine =
  | readonly [Method, `/${string}`, string]
  | readonly [Method, `/${string}`, string, string]

/** Builds a catalog from its source lines; throws on a repeated operation. */
export function defineCatalog(lines: Readonly<Record<string, readonly OperationLine[]>>): Catalog {
  return indexCatalog(
    Object.entries(lines).map(([name, rows]) => ({
      name,
      operations: rows.map(([method, path, summary, risk]) => {
        const id: OperationId = `${method} ${path}`
        return { id, method, path, category: name, summary, ...(risk && { risk }) }
      }),
    })),
  )
}

/** Builds a catalog of its categories; throws on a repeated operation. */
export function indexCatalog(categories: readonly Category[]): Catalog {
  const operations = categories.flatMap((category) => category.operations)
  const byId = new Map<string, Operation>(operations.map((one) => [one.id, one]))
  if (byId.size < operations.length) throw new Error('an operation stands twice in the catalog')
  return { categories, operations, byId }
}
