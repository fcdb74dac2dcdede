import { methods, type Catalog, type Method, type Operation } from '../catalog/operation.ts'
import type { Access } from './access.ts'
import { isBlockedOperation } from './blocked-operations.ts'

export type CategoryCount = { name: string; granted: readonly Operation[]; total: number }

/** A key's access in terms of its catalog, for display. */
export type AccessSummary = {
  granted: number
  total: number
  /** Granted operations by method, in the order of `methods`; without those that have none. */
  byMethod: { method: Method; count: number }[]
  /** Categories with at least one granted operation. */
  categories: CategoryCount[]
  /** Listed operations that the catalog no longer has, and so grant nothing. */
  retired: string[]
  /** Granted operations that bypass other limits. */
  risky: Operation[]
}

/** Counts what an access grants of a catalog, as `decide` would: full access grants all of it. */
export function summarizeAccess(access: Access, catalog: Catalog): AccessSummary {
  const listed = access.mode === 'list' ? new Set<string>(access.operations) : undefined
  const isGranted = (operation: Operation) =>
    !isBlockedOperation(operation) && (!listed || listed.has(operation.id))
  const granted = catalog.operations.filter(isGranted)
  return {
    granted: granted.length,
    total: catalog.operations.length,
    byMethod: methods
      .map((method) => ({ method, count: granted.filter((one) => one.method === method).length }))
      .filter(({ count }) => count > 0),
    categories: catalog.categories
      .map(({ name, operations }) => ({
        name,
        granted: operations.filter(isGranted),
        total: operations.length,
      }))
      .filter((category) => category.granted.length > 0),
    retired: [...(listed ?? [])].filter((id) => !catalog.byId.has(id)),
    risky: granted.filter((operation) => operation.risk !== undefined),
  }
}

/** The operations that were added to a selection and removed from it. */
export function diffOperations<Id extends string>(
  before: Iterable<Id>,
  after: Iterable<Id>,
): { added: Id[]; removed: Id[] } {
  const [old, now] = [new Set(before), new Set(after)]
  return {
    added: [...now].filter((id) => !old.has(id)),
    removed: [...old].filter((id) => !now.has(id)),
  }
}
