const collator = new Intl.Collator('en', { numeric: true })

type Named = { id: string; name: string }

/**
 * Compares by name, ignoring case and with numbers in order (2 before 10), then by id. Sorting in
 * SQL would differ between engines.
 */
export function byName(one: Named, other: Named): number {
  return collator.compare(one.name, other.name) || (one.id < other.id ? -1 : 1)
}
