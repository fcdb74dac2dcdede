import { activitySubjects, type ActivitySubject } from '../../contract/activity/actions.ts'
import type { ActivityFilter } from '../../contract/activity/schemas.ts'
import { searchText } from '../page/search-text.ts'

/** Spans of time that have a name; `dates` is from one day to another. */
export const timeRanges = ['today', '7d', '30d', '90d', 'dates'] as const
export type TimeRange = (typeof timeRanges)[number]

/** What of the Activity page stands in the URL; what isn't there doesn't filter. */
export type ActivitySearch = {
  search?: string
  subject?: ActivitySubject
  deploymentId?: string
  appId?: string
  range?: TimeRange
  /** First and last day of the range `dates`, such as "2026-11-23". */
  from?: string
  to?: string
}

const SEARCH_MAX = 200
const ID_MAX = 64

/** Reads the page's search parameters; what doesn't make sense is left out. */
export function validateActivitySearch(input: Record<string, unknown>): ActivitySearch {
  const search = searchText(input['search']).slice(0, SEARCH_MAX)
  const subject = activitySubjects.find((one) => one === input['subject'])
  const deploymentId = searchText(input['deploymentId']).slice(0, ID_MAX)
  const appId = searchText(input['appId']).slice(0, ID_MAX)
  const range = timeRanges.find((one) => one === input['range'])
  const from = range === 'dates' ? day(input['from']) : undefined
  const to = range === 'dates' ? day(input['to']) : undefined
  return {
    ...(search !== '' && { search }),
    // A key's own history is of nothing else.
    ...(subject && appId === '' && { subject }),
    ...(deploymentId !== '' && { deploymentId }),
    ...(appId !== '' && { appId }),
    ...(range && { range }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
  }
}

function day(value: unknown): string | undefined {
  const text = searchText(value)
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text)) ? text : undefined
}

const DAYS_BACK = { today: 0, '7d': 6, '30d': 29, '90d': 89 } as const

/**
 * What the API is asked for. Days begin at midnight of people's own time zone, so that the same
 * search asks the same all day long.
 */
export function activityFilter(search: ActivitySearch, now: Date): ActivityFilter {
  const { range, from, to, search: words, ...rest } = search
  const typed = words?.trim() ?? ''
  const since =
    range === undefined || range === 'dates' ? midnight(from) : daysBefore(now, DAYS_BACK[range])
  const until = midnight(to, 1)
  return {
    ...rest,
    ...(typed !== '' && { search: typed }),
    ...(since && { from: since.toISOString() }),
    ...(until && { to: until.toISOString() }),
  }
}

function midnight(date: string | undefined, daysLater = 0): Date | undefined {
  if (date === undefined) return undefined
  const start = new Date(`${date}T00:00:00`)
  start.setDate(start.getDate() + daysLater)
  return start
}

function daysBefore(now: Date, days: number): Date {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() - days)
}

/** Whether anything but a key or deployment narrows the list. */
export function isFiltered(search: ActivitySearch): boolean {
  return Object.keys(search).length > 0
}
