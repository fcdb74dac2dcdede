import { formatZonedTime } from '../ui/text/zoned-time.ts'

/** When a key or token expires: never, days from now, or at a chosen time. */
export const expiryChoices = ['never', '30', '90', '180', '365', 'moment'] as const
export type ExpiryChoice = (typeof expiryChoices)[number]

export const expiryLabels: Readonly<Record<ExpiryChoice, string>> = {
  never: 'Never',
  '30': 'In 30 days',
  '90': 'In 90 days',
  '180': 'In 180 days',
  '365': 'In 365 days',
  moment: 'At a date and time…',
}

/** An expiry as a form holds it. */
export type Expiry = {
  choice: ExpiryChoice
  /** Text of the field for date and time, in the browser's time zone: "2027-02-21T14:00". */
  text: string
  /** RFC 3339 UTC; null for never, undefined for a time that can't be saved. */
  at: string | null | undefined
  /** Why the time can't be saved. */
  problem?: string
}

export const neverExpires: Expiry = { choice: 'never', text: '', at: null }

const DAY = 86_400_000

/** The expiry of an existing key; one that has passed stays until it is changed. */
export function toExpiry(at: string | null): Expiry {
  return at === null ? neverExpires : { choice: 'moment', text: fieldValue(at), at }
}

/** The expiry after a choice. Date and time start with the one before. */
export function chooseExpiry(choice: ExpiryChoice, before: Expiry, now: number): Expiry {
  if (choice === 'never') return neverExpires
  if (choice === 'moment') {
    return typeExpiry(before.at ? fieldValue(before.at) : before.text, now)
  }
  const at = new Date(now + Number(choice) * DAY).toISOString()
  return { choice, text: fieldValue(at), at }
}

/** The expiry after typing into the field for date and time. */
export function typeExpiry(text: string, now: number): Expiry {
  const time = Date.parse(text)
  const problem = Number.isNaN(time)
    ? 'Choose a date and a time.'
    : time <= now
      ? 'This time has passed. Choose one that is still to come.'
      : undefined
  if (problem !== undefined) return { choice: 'moment', text, at: undefined, problem }
  return { choice: 'moment', text, at: new Date(time).toISOString() }
}

/** A time as `datetime-local` takes it: in the browser's time zone, to the minute. */
function fieldValue(timestamp: string): string {
  const date = new Date(timestamp)
  const pad = (part: number) => String(part).padStart(2, '0')
  const day = `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`
  return `${day}T${pad(date.getHours())}:${pad(date.getMinutes())}`
}

/** "Never expires", "Expires 24 Feb 2027, 14:00 GMT+1" or "Expired …". */
export function expiryText(at: string | null, now: number): string {
  if (at === null) return 'Never expires'
  return `${Date.parse(at) > now ? 'Expires' : 'Expired'} ${formatZonedTime(at)}`
}
