import type { Operation, OperationId } from '../catalog/operation.ts'
import { parsePath, type PathProblem } from './path.ts'
import { matchOperation, type Router } from './router.ts'

/**
 * What a key may call. `full` is everything, now and later, and a value of its own: nothing
 * ever turns an empty, missing or complete list into it.
 */
export type Access = { mode: 'full' } | { mode: 'list'; operations: readonly OperationId[] }

/** The same, as far as one call is decided by it: an {@link Access} is one as it is. */
export type Grants =
  | { mode: 'full' }
  | { mode: 'list'; operations: { includes(operation: OperationId): boolean } }

/** The access rules' answer to one call of a key whose secret was right. */
export type Decision =
  | { outcome: 'allowed'; operation: Operation; parameters: Record<string, string> }
  | { outcome: 'notGranted'; operation: Operation }
  | { outcome: 'unknownOperation' }
  | { outcome: 'malformedPath'; problem: PathProblem }

/**
 * Decides one call: deny by default, the same for console, gateway and tests. An operation that
 * no key may reach is answered as one that doesn't exist.
 *
 * @param rawPath the path below the API base URL, as it came, without the query
 */
export function decide(router: Router, access: Grants, method: string, rawPath: string): Decision {
  const path = parsePath(rawPath)
  if (!path.ok) return { outcome: 'malformedPath', problem: path.problem }
  const match = matchOperation(router, method, path.segments)
  if (!match) return { outcome: 'unknownOperation' }
  const { operation, parameters } = match
  const granted = access.mode === 'full' || access.operations.includes(operation.id)
  if (!granted) return { outcome: 'notGranted', operation }
  return { outcome: 'allowed', operation, parameters }
}
