/** The numbers of days whose usage a key's page can show. */
export const usageDays = [1, 7, 30, 90] as const
export type UsageDays = (typeof usageDays)[number]

/** The days shown where the URL names none. */
export const DEFAULT_DAYS: UsageDays = 7

/** The key page's search parameters in the URL; the default is left out. */
export type KeyPageSearch = { days?: UsageDays }

/** Parses the page's search parameters; invalid values fall back to the default. */
export function validateKeyPageSearch(input: Record<string, unknown>): KeyPageSearch {
  const days = usageDays.find((one) => String(one) === String(input['days']))
  return days === undefined || days === DEFAULT_DAYS ? {} : { days }
}
