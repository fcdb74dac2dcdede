import type { Usage } from '../../../../contract/usage/schemas.ts'

const HOUR_MS = 3_600_000

const day = { weekday: 'short', day: 'numeric', month: 'short' } as const
const times = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' })
const days = new Intl.DateTimeFormat('en-GB', day)
const utcDays = new Intl.DateTimeFormat('en-GB', { ...day, timeZone: 'UTC' })

/** An hour, local, or a day, of UTC: "Mon, 23 Nov, 14:00 to 15:00", "Mon, 23 Nov". */
export function formatSpan(start: string, span: Usage['span']): string {
  const from = new Date(start)
  if (span === 'day') return utcDays.format(from)
  const to = new Date(from.getTime() + HOUR_MS)
  return `${days.format(from)}, ${times.format(from)} to ${times.format(to)}`
}
