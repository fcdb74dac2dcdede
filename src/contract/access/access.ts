import type { Operation, OperationId } from '../catalog/operation.ts'
import { parsePath, type PathProblem } from './path.ts'
import { matchOperation, type Router } from './router.ts'

/**
 * What a key may call. `full` includes operations that are added later. It is a separate value: no
 * empty, missing or complete list ever becomes full access.
 */
export type Access = { mode: 'full' } | { mode: 'list'; operations: readonly OperationId[] }

/** What of an {@link Access} decides one call. */
export type Grants =
  | { mode: 'full' }
  | { mode: 'list'; operations: { includes(operation: OperationId): boolean } }

/** The authorization of a call by an authenticated key. */
export type Decision =
  | { outcome: 'allowed'; operation: Operation; parameters: Record<string, string> }
  | { outcome: 'notGranted'; operation: Operation }
  | { outcome: 'unknownOperation' }
  | { outcome: 'malformedPath'; problem: PathProblem }

/**
 * Authorizes a call: deny by default, the same in console, gateway and tests. A blocked operation
 * counts as unknown.
 *
 * @param rawPath the path below the API base URL, as sent, without the query
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
