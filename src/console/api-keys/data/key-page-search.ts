/** How many days of use the page of a key can show. */
export const usageDays = [1, 7, 30, 90] as const
export type UsageDays = (typeof usageDays)[number]

export const DEFAULT_DAYS: UsageDays = 7

/** What of a key's page stands in the URL; the default is left out. */
export type KeyPageSearch = { days?: UsageDays }

/** Reads the page's search parameters; what doesn't make sense falls back to the default. */
export function validateKeyPageSearch(input: Record<string, unknown>): KeyPageSearch {
  const days = usageDays.find((one) => String(one) === String(input['days']))
  return days === undefined || days === DEFAULT_DAYS ? {} : { days }
}
