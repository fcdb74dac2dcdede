import { useId } from 'react'
import { cx } from '../text/cx.ts'

/**
 * A small line of the latest values, the newest at the right edge; scaled from 0. Its few lines of
 * geometry are its own: it is in the first load, which d3-scale would grow by 15 kB.
 */
export function Sparkline({
  series,
  slots,
  label,
}: {
  series: readonly number[]
  /** The number of values that fill the width. */
  slots: number
  /** What the line shows, for screen readers. */
  label: string
}) {
  const points = sparklinePoints(series, slots)
  const line = smoothPath(points)
  const [first, last] = [points[0], points.at(-1)]
  const fadeId = useId()
  const isQuiet = series.every((value) => value === 0)
  return (
    <div className="relative h-7">
      <span className="sr-only">{label}</span>
      {first && last && (
        <>
          <svg
            viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
            preserveAspectRatio="none"
            aria-hidden
            className="absolute inset-0 size-full overflow-visible"
          >
            <linearGradient id={fadeId} x2="0" y2="1">
              <stop className="[stop-color:var(--accent)] [stop-opacity:0.2]" />
              <stop offset="1" className="[stop-color:var(--accent)] [stop-opacity:0]" />
            </linearGradient>
            <path d={`${line}V${HEIGHT}H${first.x}Z`} fill={`url(#${fadeId})`} />
            <path
              d={line}
              fill="none"
              className={isQuiet ? 'stroke-line-strong' : 'stroke-accent dark:stroke-accent-ink'}
              strokeWidth="1.5"
              strokeLinejoin="round"
              vectorEffect="non-scaling-stroke"
            />
          </svg>
          <span
            className={cx(
              'absolute right-0 size-[5px] translate-x-1/2 -translate-y-1/2 rounded-full',
              isQuiet ? 'bg-faint' : 'bg-accent dark:bg-accent-ink',
            )}
            style={{ top: `${(last.y / HEIGHT) * 100}%` }}
          />
        </>
      )}
    </div>
  )
}

const WIDTH = 100
const HEIGHT = 28
const HEADROOM = 3

type Point = { x: number; y: number }

/** The points of the values in the drawing; fewer than `slots` of them start further right. */
export function sparklinePoints(series: readonly number[], slots: number): Point[] {
  const shown = series.slice(-slots)
  const peak = Math.max(...shown, 0) || 1
  const step = WIDTH / Math.max(1, slots - 1)
  return shown.map((value, index) => ({
    x: round(WIDTH - (shown.length - 1 - index) * step),
    y: round(HEIGHT - 1 - (Math.max(0, value) / peak) * (HEIGHT - 1 - HEADROOM)),
  }))
}

/**
 * The path of a smooth curve through evenly spaced points that doesn't overshoot them: Steffen's
 * monotone interpolation (Astronomy and Astrophysics 239, 1990).
 */
function smoothPath(points: readonly Point[]): string {
  const rises = points.map(({ y }, index) => y - (points[index - 1]?.y ?? y))
  const tangents = rises.map((before, index) => {
    const after = rises[index + 1] ?? 0
    const limit = Math.min(Math.abs(before), Math.abs(after), Math.abs(before + after) / 4)
    return (Math.sign(before) + Math.sign(after)) * limit
  })
  return points
    .map(({ x, y }, index) => {
      const before = points[index - 1]
      if (!before) return `M${x} ${y}`
      const third = (x - before.x) / 3
      const leave = round(before.y + (tangents[index - 1] ?? 0) / 3)
      const arrive = round(y - (tangents[index] ?? 0) / 3)
      return `C${round(before.x + third)} ${leave} ${round(x - third)} ${arrive} ${x} ${y}`
    })
    .join('')
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
