const counts = new Intl.NumberFormat('en-US')
const fractions = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 })
const compact = new Intl.NumberFormat('en-US', {
  notation: 'compact',
  maximumSignificantDigits: 3,
})
const dates = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' })
const moments = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' })

const MINUTE = 60
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** "1,284". */
export function formatCount(value: number): string {
  return counts.format(value)
}

/** A figure for a narrow place: exact below a hundred thousand, then "1.28M". */
export function formatFigure(value: number): string {
  return value < 100_000 ? counts.format(value) : compact.format(value)
}

/** A rate, with one decimal where it is small: "0.5", "312", "1.28M". */
export function formatRate(value: number): string {
  return value < 10 ? fractions.format(value) : formatFigure(Math.round(value))
}

/** "1 key", "5 keys". */
export function formatQuantity(value: number, one: string, many = `${one}s`): string {
  return `${counts.format(value)} ${value === 1 ? one : many}`
}

/** "12 Sep 2026". */
export function formatDate(timestamp: string): string {
  return dates.format(new Date(timestamp))
}

/** "12 Sep 2026, 14:03:05", in people's own time zone. */
export function formatMoment(timestamp: string): string {
  return moments.format(new Date(timestamp))
}

function secondsSince(timestamp: string, now: number): number {
  return Math.max(0, Math.floor((now - Date.parse(timestamp)) / 1000))
}

/** How long ago, in one unit: "8 s ago", "2 min ago", "41 d ago". */
export function formatAgo(timestamp: string, now: number): string {
  const seconds = secondsSince(timestamp, now)
  if (seconds < MINUTE) return seconds < 2 ? 'Just now' : `${seconds} s ago`
  if (seconds < HOUR) return `${Math.floor(seconds / MINUTE)} min ago`
  if (seconds < DAY) return `${Math.floor(seconds / HOUR)} h ago`
  return `${Math.floor(seconds / DAY)} d ago`
}

/** How long something has lasted, in one unit: "41 days", "less than a minute". */
export function formatDuration(since: string, now: number): string {
  const seconds = secondsSince(since, now)
  if (seconds < MINUTE) return 'less than a minute'
  if (seconds < HOUR) return formatQuantity(Math.floor(seconds / MINUTE), 'minute')
  if (seconds < DAY) return formatQuantity(Math.floor(seconds / HOUR), 'hour')
  return formatQuantity(Math.floor(seconds / DAY), 'day')
}

/** How long until something, in one unit and never less than is left: "5 d", "3 h", "12 min". */
export function formatLeft(timestamp: string, now: number): string {
  const seconds = Math.max(0, (Date.parse(timestamp) - now) / 1000)
  if (seconds <= HOUR) return `${Math.max(1, Math.ceil(seconds / MINUTE))} min`
  if (seconds < 2 * DAY) return `${Math.ceil(seconds / HOUR)} h`
  return `${Math.ceil(seconds / DAY)} d`
}
