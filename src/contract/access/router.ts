import type { Catalog, Operation } from '../catalog/operation.ts'
import { isBlockedOperation } from './blocked-operations.ts'

/** A catalog compiled for matching; make it once per catalog with {@link compileRouter}. */
export type Router = { readonly root: RouteNode; readonly catalog: Catalog }

type RouteNode = {
  literals: Map<string, RouteNode>
  parameter: RouteNode | undefined
  /** By method; null for a blocked operation. */
  targets: Map<string, Target | null>
}

type Target = { operation: Operation; parameterNames: readonly string[] }

/** What a path and method lead to: the operation and its path parameters, decoded. */
export type Match = { operation: Operation; parameters: Record<string, string> }

function newNode(): RouteNode {
  return { literals: new Map(), parameter: undefined, targets: new Map() }
}

/**
 * Compiles a catalog into a tree of path segments. Blocked operations keep their place in it, so
 * that no parameter matches their path, but have no target.
 */
export function compileRouter(catalog: Catalog): Router {
  const root = newNode()
  for (const operation of catalog.operations) {
    const segments = operation.path.slice(1).split('/')
    const parameterNames = segments.filter(isParameter).map((segment) => segment.slice(1, -1))
    const target = isBlockedOperation(operation) ? null : { operation, parameterNames }
    segments.reduce(childFor, root).targets.set(operation.method, target)
  }
  return { root, catalog }
}

function isParameter(segment: string): boolean {
  return segment.startsWith('{')
}

function childFor(node: RouteNode, segment: string): RouteNode {
  if (isParameter(segment)) return (node.parameter ??= newNode())
  let child = node.literals.get(segment)
  if (!child) node.literals.set(segment, (child = newNode()))
  return child
}

/**
 * Finds the operation for a method and decoded path segments. The path alone selects the template,
 * and literal segments win over parameters; then the method is looked up. So a literal path never
 * falls back to a parameter's operation of another method. `HEAD` matches `GET` (RFC 9110 section
 * 9.3.2). Undefined if the catalog has no such operation, or a blocked one.
 */
export function matchOperation(
  router: Router,
  method: string,
  segments: readonly string[],
): Match | undefined {
  const values: string[] = []
  const node = walk(router.root, segments, 0, values)
  const target = node?.targets.get(method === 'HEAD' ? 'GET' : method)
  if (!target) return undefined
  const parameters: Record<string, string> = {}
  target.parameterNames.forEach((name, index) => (parameters[name] = values[index] ?? ''))
  return { operation: target.operation, parameters }
}

/** The node for these segments; adds the values of parameters to `values`. */
function walk(
  node: RouteNode,
  segments: readonly string[],
  at: number,
  values: string[],
): RouteNode | undefined {
  const segment = segments[at]
  if (segment === undefined) return node.targets.size > 0 ? node : undefined
  const literal = node.literals.get(segment)
  const found = literal && walk(literal, segments, at + 1, values)
  if (found || !node.parameter) return found
  values.push(segment)
  const through = walk(node.parameter, segments, at + 1, values)
  if (!through) values.pop()
  return through
}
