import { PLOT_HEIGHT, type ValueScale } from './scales.ts'

/** A part of a stacked bar; `series` is the index of its value. */
export type Segment = { series: number; y: number; height: number }

// One failed call among ten thousand is what people look for.
const SEGMENT_MIN_HEIGHT = 1.5

/** Stacks a bar from the bottom up. A zero has no segment, any other value is tall enough to see. */
export function stackBar(values: readonly number[], scale: ValueScale): Segment[] {
  const segments: Segment[] = []
  let y = PLOT_HEIGHT
  for (const [series, value] of values.entries()) {
    if (value === 0) continue
    const height = Math.max(PLOT_HEIGHT - scale(value), SEGMENT_MIN_HEIGHT)
    y -= height
    segments.push({ series, y: Math.max(0, y), height })
  }
  return segments
}
