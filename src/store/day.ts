/** The day of an RFC 3339 UTC time, `2026-11-23`; of two days, the earlier one is less. */
export function dayOf(time: string): string {
  return time.slice(0, 10)
}
