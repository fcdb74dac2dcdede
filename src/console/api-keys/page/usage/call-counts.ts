import type { Usage } from '../../../../contract/usage/schemas.ts'

/** Calls of one hour or day, by outcome. */
export type CallsOfSpan = Usage['calls'][number]

/** What came of calls, in the order in which they are stacked. */
export const outcomes = ['allowed', 'refused', 'failed'] as const
export type Outcome = (typeof outcomes)[number]

/** All calls of an hour or day. */
export function totalOf({ allowed, refused, failed }: CallsOfSpan): number {
  return allowed + refused + failed
}

/** The calls of all hours or days, by outcome. */
export function sumOf(calls: readonly CallsOfSpan[]): Record<Outcome, number> {
  const sum = { allowed: 0, refused: 0, failed: 0 }
  for (const one of calls) for (const outcome of outcomes) sum[outcome] += one[outcome]
  return sum
}

/** The top of an axis that holds this value: 2, 4, 10, 20, 40, 100 and so on; its half is whole. */
export function axisTop(peak: number): number {
  let step = 1
  for (;;) {
    for (const factor of [2, 4, 10]) {
      if (peak <= factor * step) return factor * step
    }
    step *= 10
  }
}

export type Segment = { outcome: Outcome; y: number; height: number }

/** The height of the drawing; the axis fills it. */
export const PLOT_HEIGHT = 100
// One refused call among ten thousand is what one looks for.
const LEAST_HEIGHT = 1.5

/** One bar from the bottom up; an outcome without calls has no segment, any other can be seen. */
export function segmentsOf(one: CallsOfSpan, top: number): Segment[] {
  const segments: Segment[] = []
  let y = PLOT_HEIGHT
  for (const outcome of outcomes) {
    if (one[outcome] === 0) continue
    const height = Math.max((one[outcome] / top) * PLOT_HEIGHT, LEAST_HEIGHT)
    y -= height
    segments.push({ outcome, y: Math.max(0, y), height })
  }
  return segments
}

const hourText = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' })
const hourDayText = new Intl.DateTimeFormat('en-GB', {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
})
// A day is one of UTC, and is called by its date there.
const dayText = new Intl.DateTimeFormat('en-GB', {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  timeZone: 'UTC',
})
const shortDayText = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  timeZone: 'UTC',
})
const shortHourDayText = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' })

const HOUR = 3_600_000

/** An hour or day in words: "Mon, 23 Nov, 14:00 to 15:00", "Mon, 23 Nov". */
export function spanText(start: string, span: Usage['span']): string {
  const from = new Date(start)
  if (span === 'day') return dayText.format(from)
  const to = new Date(from.getTime() + HOUR)
  return `${hourDayText.format(from)}, ${hourText.format(from)} to ${hourText.format(to)}`
}

export type AxisLabel = { at: number; text: string }

const LABELS = 7

/** What stands below the time axis, and at which entries: round hours, midnights or days. */
export function axisLabels(calls: readonly CallsOfSpan[], span: Usage['span']): AxisLabel[] {
  const marks = calls.flatMap(({ start }, at) => {
    const time = new Date(start)
    if (span === 'day') return [{ at, text: shortDayText.format(time) }]
    if (calls.length > 48) {
      return time.getHours() === 0 ? [{ at, text: shortHourDayText.format(time) }] : []
    }
    return time.getHours() % 4 === 0 ? [{ at, text: hourText.format(time) }] : []
  })
  const every = Math.ceil(marks.length / LABELS)
  // From the newest back: the right end is what one looks at first.
  return marks.filter((_, index) => (marks.length - 1 - index) % every === 0)
}
