import type { Access } from '../../../contract/access/access.ts'
import { formatList } from '../../ui/text/format-list.ts'
import { RETIRED_CATEGORY, type CatalogView } from './catalog-view.ts'

/** One kind of thing a key may do: `read` is GET, `change` any other method but publishing. */
type Capability = {
  kind: 'read' | 'publish' | 'change'
  /** The nouns that are read or changed, in catalog order; empty for publishing. */
  nouns: readonly string[]
}

// Nouns for categories whose names don't read well after "read" or "change". Other categories
// use their own name in lower case.
const NOUNS: Readonly<Record<string, string>> = {
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

const SHOWN_NOUNS_MAX = 3

function nounForCategory(category: string): string {
  const known = NOUNS[category]
  if (known !== undefined) return known
  return category
    .split(' ')
    .map((word) => (/^[A-Z][a-z]*$/.test(word) ? word.toLowerCase() : word))
    .join(' ')
}

function listCapabilities(granted: ReadonlySet<string>, catalog: CatalogView): Capability[] {
  const read = new Set<string>()
  const change = new Set<string>()
  let publishes = false
  for (const { id, method, category } of catalog.operations) {
    if (!granted.has(id) || category === RETIRED_CATEGORY) continue
    if (method === 'GET') read.add(nounForCategory(category))
    else if (/\bpublish/i.test(category)) publishes = true
    else change.add(nounForCategory(category))
  }
  const capabilities: Capability[] = []
  if (read.size > 0) capabilities.push({ kind: 'read', nouns: [...read] })
  if (publishes) capabilities.push({ kind: 'publish', nouns: [] })
  if (change.size > 0) capabilities.push({ kind: 'change', nouns: [...change] })
  return capabilities
}

function joinNouns(nouns: readonly string[]): string {
  // "and 1 more" would be as long as the last noun.
  const shown = nouns.length > SHOWN_NOUNS_MAX + 1 ? nouns.slice(0, SHOWN_NOUNS_MAX) : nouns
  const rest = nouns.length - shown.length
  return formatList(rest > 0 ? [...shown, `${rest} more`] : shown)
}

/** Sums up an access in one line: "Read clients and subscriptions · publish · change rules". */
export function capabilityText(access: Access, catalog: CatalogView): string {
  if (access.mode === 'full') return 'Everything, now and later'
  const parts = listCapabilities(new Set<string>(access.operations), catalog).map(
    ({ kind, nouns }) => (kind === 'publish' ? kind : `${kind} ${joinNouns(nouns)}`),
  )
  const text = parts.join(' · ')
  return text === '' ? 'Nothing yet' : text.charAt(0).toUpperCase() + text.slice(1)
}
