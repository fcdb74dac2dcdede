import type { Access } from '../../../contract/access/access.ts'
import { RETIRED_CATEGORY, type CatalogView } from './catalog-view.ts'

/** One thing a key will be able to do: `read` is every GET, `change` every other method. */
export type Capability = {
  kind: 'read' | 'publish' | 'change'
  /** What it reads or changes, in catalog order; empty for publishing. */
  things: readonly string[]
}

// Category names that don't read well after "read" or "change". Any other category is
// named by its own words, so a new one needs no entry here.
const THINGS: Readonly<Record<string, string>> = {
  'Client Management': 'clients',
  'Subscription Information': 'subscriptions',
  'Authentication Management': 'users',
  'ACL Management': 'ACL rules',
  'Banned List Management': 'bans',
  'Shadow Service': 'shadows',
  Authentication: 'users',
  Authorization: 'permissions',
  Banned: 'bans',
  Retainer: 'retained messages',
  'Schema Registry': 'schemas',
}

const SHOWN_THINGS = 3

function thingOf(category: string): string {
  const known = THINGS[category]
  if (known !== undefined) return known
  return category
    .split(' ')
    .map((word) => (/^[A-Z][a-z]*$/.test(word) ? word.toLowerCase() : word))
    .join(' ')
}

/** What a list of operations lets a key do, by category and in catalog order. */
export function capabilitiesOf(granted: ReadonlySet<string>, catalog: CatalogView): Capability[] {
  const read = new Set<string>()
  const change = new Set<string>()
  let publishes = false
  for (const { id, method, category } of catalog.operations) {
    if (!granted.has(id) || category === RETIRED_CATEGORY) continue
    if (method === 'GET') read.add(thingOf(category))
    else if (/\bpublish/i.test(category)) publishes = true
    else change.add(thingOf(category))
  }
  const capabilities: Capability[] = []
  if (read.size > 0) capabilities.push({ kind: 'read', things: [...read] })
  if (publishes) capabilities.push({ kind: 'publish', things: [] })
  if (change.size > 0) capabilities.push({ kind: 'change', things: [...change] })
  return capabilities
}

function listThings(things: readonly string[]): string {
  // "and 1 more" would take as long as naming it.
  const shown = things.length > SHOWN_THINGS + 1 ? things.slice(0, SHOWN_THINGS) : things
  const rest = things.length - shown.length
  const parts = rest > 0 ? [...shown, `${rest} more`] : shown
  if (parts.length < 2) return parts.join('')
  return `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`
}

/** One line such as "Read clients and subscriptions · publish · change rules". */
export function capabilityText(access: Access, catalog: CatalogView): string {
  if (access.mode === 'full') return 'Everything, now and later'
  const parts = capabilitiesOf(new Set<string>(access.operations), catalog).map(
    ({ kind, things }) => (kind === 'publish' ? kind : `${kind} ${listThings(things)}`),
  )
  const text = parts.join(' · ')
  return text === '' ? 'Nothing yet' : text.charAt(0).toUpperCase() + text.slice(1)
}
