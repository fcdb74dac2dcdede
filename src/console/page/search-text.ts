/**
 * A search parameter as text; empty where it isn't any. The router reads values as JSON where
 * it can, so a search for "42" arrives as a number.
 */
export function searchText(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}
