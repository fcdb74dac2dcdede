import { formatZonedTime } from '../../ui/text/zoned-time.ts'

/** How long a key may be good for: for good, for days from now, or until a chosen time. */
export const expiryChoices = ['never', '30', '90', '180', 'moment'] as const
export type ExpiryChoice = (typeof expiryChoices)[number]

export const expiryLabels: Readonly<Record<ExpiryChoice, string>> = {
  never: 'Never',
  '30': 'In 30 days',
  '90': 'In 90 days',
  '180': 'In 180 days',
  moment: 'At a date and time…',
}

/** The expiry as the form holds it. */
export type Expiry = {
  choice: ExpiryChoice
  /** What the field for date and time holds, in people's own time zone: "2027-02-21T14:00". */
  text: string
  /** When that is; null for never, undefined while no time to come is chosen. */
  at: string | null | undefined
  /** Why it is no time that can be saved. */
  problem?: string
}

export const neverExpires: Expiry = { choice: 'never', text: '', at: null }

const DAY = 86_400_000

/** The expiry of a key as it is; one that has passed stays as long as nobody touches it. */
export function expiryOf(at: string | null): Expiry {
  return at === null ? neverExpires : { choice: 'moment', text: fieldValue(at), at }
}

/** The expiry after a choice; a date and time start with what was chosen before. */
export function chooseExpiry(choice: ExpiryChoice, before: Expiry, now: number): Expiry {
  if (choice === 'never') return neverExpires
  if (choice === 'moment') {
    return typeExpiry(before.at ? fieldValue(before.at) : before.text, now)
  }
  const at = new Date(now + Number(choice) * DAY).toISOString()
  return { choice, text: fieldValue(at), at }
}

/** The expiry after something was typed into the field for date and time. */
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

/** A time as a field for date and time takes it: in people's own time zone, to the minute. */
function fieldValue(timestamp: string): string {
  const date = new Date(timestamp)
  const pad = (part: number) => String(part).padStart(2, '0')
  const day = `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`
  return `${day}T${pad(date.getHours())}:${pad(date.getMinutes())}`
}

/** When a key ends, in a few words. */
export function expiryText(at: string | null, now: number): string {
  if (at === null) return 'Never expires'
  return `${Date.parse(at) > now ? 'Expires' : 'Expired'} ${formatZonedTime(at)}`
}
