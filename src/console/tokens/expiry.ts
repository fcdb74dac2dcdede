/** How long a new token is good for: days, until a chosen date, or for good. */
export const expiryChoices = ['30', '90', '180', '365', 'date', 'never'] as const
export type ExpiryChoice = (typeof expiryChoices)[number]

export const expiryLabels: Readonly<Record<ExpiryChoice, string>> = {
  '30': 'In 30 days',
  '90': 'In 90 days',
  '180': 'In 180 days',
  '365': 'In 365 days',
  date: 'On a date…',
  never: 'Never',
}

const DAY = 86_400_000

/**
 * When a token made now expires; null for never, undefined while no date in the future is
 * chosen. A chosen date counts to its end, in people's own time zone.
 */
export function expiresAt(
  choice: ExpiryChoice,
  date: string,
  now: number,
): string | null | undefined {
  if (choice === 'never') return null
  if (choice !== 'date') return new Date(now + Number(choice) * DAY).toISOString()
  const end = Date.parse(`${date}T23:59:59.999`)
  return Number.isNaN(end) || end <= now ? undefined : new Date(end).toISOString()
}

/** A date as a date field has it, in people's own time zone: "2027-02-21". */
export function dateFieldValue(time: number): string {
  const date = new Date(time)
  const pad = (part: number) => String(part).padStart(2, '0')
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`
}
