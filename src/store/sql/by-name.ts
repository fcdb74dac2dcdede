const collator = new Intl.Collator('en', { numeric: true })

type Named = { id: string; name: string }

/**
 * Compares things by name as people look for them, whatever the case and 2 before 10; those of one
 * name by id. Engines each have an order of their own.
 */
export function byName(one: Named, other: Named): number {
  return collator.compare(one.name, other.name) || (one.id < other.id ? -1 : 1)
}
