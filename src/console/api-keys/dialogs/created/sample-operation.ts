import type { Access } from '../../../../contract/access/access.ts'
import type { CatalogOperation, CatalogView } from '../../data/catalog-view.ts'

const PUBLISH_BODIES: Readonly<Record<string, string>> = {
  '/publish': '{"topic": "hello", "payload": "world"}',
  '/publish/bulk': '[{"topic": "hello", "payload": "world"}]',
  '/mqtt/publish': '{"topic": "hello", "payload": "world", "clientid": "curl"}',
  '/mqtt/publish_batch': '[{"topic": "hello", "payload": "world", "clientid": "curl"}]',
}

export function hasParameters({ path }: Pick<CatalogOperation, 'path'>): boolean {
  return path.includes('{')
}

// Lower comes first: calls that only read, that need nothing filled in, that the backend
// answers. Of the calls that change something, one with a placeholder can't do harm by
// being pasted as it is.
function rank(operation: CatalogOperation): number {
  const penalty = operation.availability === 'offered' ? 0 : 10
  if (operation.path === '/clients' && operation.method === 'GET') return penalty
  if (operation.method === 'GET') return penalty + (hasParameters(operation) ? 2 : 1)
  if (operation.path in PUBLISH_BODIES) return penalty + 3
  return penalty + (hasParameters(operation) ? 4 : 5)
}

function first(operations: readonly CatalogOperation[]): CatalogOperation | undefined {
  return operations.toSorted((one, other) => rank(one) - rank(other))[0]
}

function granted(access: Access, catalog: CatalogView): CatalogOperation[] {
  const listed = access.mode === 'list' ? new Set<string>(access.operations) : undefined
  return catalog.operations.filter(({ id }) => !listed || listed.has(id))
}

/** The operation that a ready-made call is shown for: one this key may call, if it can a harmless one. */
export function pickSampleOperation(
  access: Access,
  catalog: CatalogView,
): CatalogOperation | undefined {
  return first(granted(access, catalog))
}

/** The body that goes with a ready-made call; a file to fill in where no body fits every use. */
export function sampleBody({ method, path }: CatalogOperation): string | undefined {
  if (method === 'GET' || method === 'DELETE') return undefined
  return PUBLISH_BODIES[path] ?? '@body.json'
}

/** The path with its parameters replaced: `/clients/{clientid}` to `/clients/CLIENTID`. */
export function fillPath(path: string, value: (name: string) => string): string {
  return path.replace(/\{([^}]+)\}/g, (_, name: string) => encodeURIComponent(value(name)))
}

/**
 * How to test a key without changing anything: by a GET that it may call, or, where it may
 * call none, by a GET that it may not call: the refusal that comes proves the secret.
 */
export type TestPlan = { operation: CatalogOperation; expects: 'answer' | 'refusal' }

export function planTest(access: Access, catalog: CatalogView): TestPlan | undefined {
  const reads = (operations: readonly CatalogOperation[]) =>
    first(operations.filter(({ method }) => method === 'GET'))
  const allowed = reads(granted(access, catalog))
  if (allowed) return { operation: allowed, expects: 'answer' }
  const refused = reads(catalog.operations)
  return refused && { operation: refused, expects: 'refusal' }
}
