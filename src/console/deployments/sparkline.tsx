/** A small line of the last values, oldest first, the newest at the right edge; scaled from 0. */
export function Sparkline({
  series,
  slots,
  label,
}: {
  series: readonly number[]
  /** How many values the full width stands for. */
  slots: number
  /** What the line shows, in words. */
  label: string
}) {
  const points = sparklinePoints(series, slots)
  const line = smoothPath(points)
  const [first, last] = [points[0], points.at(-1)]
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
            <path
              d={`${line}V${HEIGHT}H${first.x}Z`}
              className="fill-accent opacity-10 dark:opacity-15"
            />
            <path
              d={line}
              fill="none"
              className="stroke-accent dark:stroke-accent-ink"
              strokeWidth="1.5"
              strokeLinejoin="round"
              vectorEffect="non-scaling-stroke"
            />
          </svg>
          <span
            className="absolute right-0 size-[5px] translate-x-1/2 -translate-y-1/2 rounded-full bg-accent dark:bg-accent-ink"
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

/** Where the values lie in the drawing: fewer than `slots` of them start further right. */
export function sparklinePoints(series: readonly number[], slots: number): Point[] {
  const shown = series.slice(-slots)
  const peak = Math.max(...shown, 0) || 1
  const step = WIDTH / Math.max(1, slots - 1)
  return shown.map((value, index) => ({
    x: round(WIDTH - (shown.length - 1 - index) * step),
    y: round(HEIGHT - 1 - (Math.max(0, value) / peak) * (HEIGHT - 1 - HEADROOM)),
  }))
}

// Curves that leave and reach each point level: smooth, and never beyond the values themselves.
function smoothPath(points: readonly Point[]): string {
  return points
    .map(({ x, y }, index) => {
      const before = points[index - 1]
      if (!before) return `M${x} ${y}`
      const middle = round((before.x + x) / 2)
      return `C${middle} ${before.y} ${middle} ${y} ${x} ${y}`
    })
    .join('')
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
