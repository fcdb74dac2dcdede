import { scaleLinear, scaleTime, scaleUtc, type ScaleLinear } from 'd3-scale'

/** The height of a plot, in units of its drawing. */
export const PLOT_HEIGHT = 100

const VALUE_TICKS = 3
const TIME_LABELS_MAX = 8

/** Maps a count to its distance from the top of the plot. */
export type ValueScale = ScaleLinear<number, number>

/** The scale from 0 to the first round number that is at least `peak`. */
export function valueScale(peak: number): ValueScale {
  return scaleLinear([0, Math.max(2, peak)], [PLOT_HEIGHT, 0]).nice(VALUE_TICKS)
}

/** The ticks of a scale of counts: whole numbers only. */
export function countTicks(scale: ValueScale): number[] {
  return scale.ticks(VALUE_TICKS).filter(Number.isInteger)
}

/** What a bar of a chart stands for: an hour, labelled in local time, or a day of UTC. */
export type Interval = 'hour' | 'day'

const INTERVAL_MS: Readonly<Record<Interval, number>> = { hour: 3_600_000, day: 86_400_000 }

const date = { day: 'numeric', month: 'short' } as const
const times = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' })
const dates = new Intl.DateTimeFormat('en-GB', date)
const utcDates = new Intl.DateTimeFormat('en-GB', { ...date, timeZone: 'UTC' })

/** A label of a time axis, `at` so many intervals after its start. */
export type TimeLabel = { at: number; text: string }

/** Labels the round times, days or weeks of an axis of `count` intervals. */
export function timeLabels(start: Date, count: number, interval: Interval): TimeLabel[] {
  const end = new Date(start.getTime() + count * INTERVAL_MS[interval])
  const newScale = interval === 'day' ? scaleUtc : scaleTime
  const scale = newScale([start, end], [0, count])
  // Of an axis with few bars, the ticks mustn't be finer than they are.
  const ticks = scale.ticks(Math.min(count, TIME_LABELS_MAX - 1)).filter((tick) => tick < end)
  const format = interval === 'day' ? utcDates : count > 48 ? dates : times
  const step = Math.ceil(ticks.length / TIME_LABELS_MAX)
  return ticks
    .filter((_, index) => (ticks.length - 1 - index) % step === 0)
    .map((tick) => ({ at: scale(tick), text: format.format(tick) }))
}
