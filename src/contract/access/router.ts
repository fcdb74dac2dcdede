import type { Catalog, Operation } from '../catalog/operation.ts'

/** A catalog compiled for matching; make it once per catalog with {@link compileRouter}. */
export type Router = { readonly root: RouteNode; readonly catalog: Catalog }

type RouteNode = {
  literals: Map<string, RouteNode>
  parameter: { name: string; node: RouteNode } | undefined
  operations: Map<string, Operation>
}

/** What a path and method lead to: the operation and its path parameters, decoded. */
export type Match = { operation: Operation; parameters: Record<string, string> }

function newNode(): RouteNode {
  return { literals: new Map(), parameter: undefined, operations: new Map() }
}

/** Compiles a catalog into a tree of path segments. */
export function compileRouter(catalog: Catalog): Router {
  const root = newNode()
  for (const operation of catalog.operations) {
    let node = root
    for (const segment of operation.path.slice(1).split('/')) node = childFor(node, segment)
    node.operations.set(operation.method, operation)
  }
  return { root, catalog }
}

function childFor(node: RouteNode, segment: string): RouteNode {
  if (segment.startsWith('{')) {
    node.parameter ??= { name: segment.slice(1, -1), node: newNode() }
    return node.parameter.node
  }
  let child = node.literals.get(segment)
  if (!child) node.literals.set(segment, (child = newNode()))
  return child
}

/**
 * Finds the operation of a method and decoded path segments. The path alone picks the
 * template, a literal segment before a parameter; only then the method is looked up, so a
 * literal path never falls back to a parameter's operation of another method. `HEAD` is
 * answered by `GET` (RFC 9110 section 9.3.2). Undefined where the catalog has none.
 */
export function matchOperation(
  router: Router,
  method: string,
  segments: readonly string[],
): Match | undefined {
  const parameters: Record<string, string> = {}
  const node = walk(router.root, segments, 0, parameters)
  const operation = node?.operations.get(method === 'HEAD' ? 'GET' : method)
  return operation && { operation, parameters }
}

function walk(
  node: RouteNode,
  segments: readonly string[],
  at: number,
  parameters: Record<string, string>,
): RouteNode | undefined {
  const segment = segments[at]
  if (segment === undefined) return node.operations.size > 0 ? node : undefined
  const literal = node.literals.get(segment)
  const found = literal && walk(literal, segments, at + 1, parameters)
  if (found) return found
  if (!node.parameter) return undefined
  const through = walk(node.parameter.node, segments, at + 1, parameters)
  if (through) parameters[node.parameter.name] = segment
  return through
}
