import type { Access } from '../../../../contract/access/access.ts'
import type { CatalogOperation, CatalogView } from '../../data/catalog-view.ts'

const PUBLISH_BODIES: Readonly<Record<string, string>> = {
  '/publish': '{"topic": "hello", "payload": "world"}',
  '/publish/bulk': '[{"topic": "hello", "payload": "world"}]',
  '/mqtt/publish': '{"topic": "hello", "payload": "world", "clientid": "curl"}',
  '/mqtt/publish_batch': '[{"topic": "hello", "payload": "world", "clientid": "curl"}]',
}

/** Whether the path has parameters, such as `{clientid}`. */
export function hasParameters({ path }: Pick<CatalogOperation, 'path'>): boolean {
  return path.includes('{')
}

// The lowest rank is picked: operations that the backend offers, that only read, that need no
// parameters. Of those that write, one with a parameter is safer: pasted as it is, it finds nothing.
function rank(operation: CatalogOperation): number {
  const penalty = operation.availability === 'offered' ? 0 : 10
  if (operation.path === '/clients' && operation.method === 'GET') return penalty
  if (operation.method === 'GET') return penalty + (hasParameters(operation) ? 2 : 1)
  if (operation.path in PUBLISH_BODIES) return penalty + 3
  return penalty + (hasParameters(operation) ? 4 : 5)
}

function lowestRanked(operations: readonly CatalogOperation[]): CatalogOperation | undefined {
  return operations.toSorted((one, other) => rank(one) - rank(other))[0]
}

function grantedOperations(access: Access, catalog: CatalogView): CatalogOperation[] {
  const listed = access.mode === 'list' ? new Set<string>(access.operations) : undefined
  return catalog.operations.filter(({ id }) => !listed || listed.has(id))
}

/** The operation of the example call: one that this key may call, harmless if possible. */
export function pickSampleOperation(
  access: Access,
  catalog: CatalogView,
): CatalogOperation | undefined {
  return lowestRanked(grantedOperations(access, catalog))
}

/** The body of the example call, or the name of a file where no body makes sense for everyone. */
export function sampleBody({ method, path }: CatalogOperation): string | undefined {
  if (method === 'GET' || method === 'DELETE') return undefined
  return PUBLISH_BODIES[path] ?? '@body.json'
}

/** Replaces and encodes the parameters of a path: `/clients/{clientid}` to `/clients/CLIENTID`. */
export function fillPath(path: string, value: (name: string) => string): string {
  return path.replace(/\{([^}]+)\}/g, (_, name: string) => encodeURIComponent(value(name)))
}

/** The call that tests a key, and the response that shows that it works. */
export type TestPlan = { operation: CatalogOperation; expects: 'answer' | 'refusal' }

/**
 * Picks a call that tests a key without changing anything: a GET that it may call, or else one that
 * it may not call, whose refusal proves the secret.
 */
export function planTest(access: Access, catalog: CatalogView): TestPlan | undefined {
  const reads = (operations: readonly CatalogOperation[]) =>
    lowestRanked(operations.filter(({ method }) => method === 'GET'))
  const allowed = reads(grantedOperations(access, catalog))
  if (allowed) return { operation: allowed, expects: 'answer' }
  const refused = reads(catalog.operations)
  return refused && { operation: refused, expects: 'refusal' }
}
