import type { KeyboardEvent, PointerEvent } from 'react'
import { cx } from '../text/cx.ts'
import { formatFigure } from '../text/format.ts'
import {
  countTicks,
  PLOT_HEIGHT,
  timeLabels,
  valueScale,
  type Interval,
  type ValueScale,
} from './scales.ts'
import { stackBar } from './stack.ts'

// In units of the drawing, which is stretched to the width available.
const SLOT_WIDTH = 10
const BAR_WIDTH = 8
// More time labels than these don't fit a phone.
const NARROW_LABELS_MAX = 5

/** When the interval of a bar starts, and a count for each series from the bottom up. */
export type Bar = { start: string; values: readonly number[] }

type BarsProps = {
  /** A bar for every interval, the oldest first. */
  bars: readonly Bar[]
  /** The class that fills each series. */
  fills: readonly string[]
  /** The index of the bar that is read off. */
  selected: number | undefined
}

/**
 * Counts over time as stacked bars. The pointer selects a bar; with the focus, the arrow keys do,
 * as on a slider. The caller shows what is selected.
 */
export function BarChart({
  bars,
  fills,
  interval,
  selected,
  onSelect,
  label,
  describe,
}: BarsProps & {
  interval: Interval
  onSelect: (index: number | undefined) => void
  label: string
  /** The values of a bar in words, for screen readers. */
  describe: (bar: Bar) => string
}) {
  const scale = valueScale(Math.max(0, ...bars.map(({ values }) => sum(values))))
  const last = bars.length - 1
  const current = bars[selected ?? last]

  function select(index: number): void {
    onSelect(Math.min(last, Math.max(0, index)))
  }

  function selectByPointer({ currentTarget, clientX }: PointerEvent<HTMLElement>): void {
    const { left, width } = currentTarget.getBoundingClientRect()
    select(Math.floor(((clientX - left) / width) * bars.length))
  }

  function selectByKey(event: KeyboardEvent<HTMLElement>): void {
    if (event.key === 'Escape') return onSelect(undefined)
    const next = indexAfterKey(event.key, selected ?? last, last, interval)
    if (next === undefined) return
    event.preventDefault()
    select(next)
  }

  return (
    <div className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-2.5">
      <div aria-hidden className="grid h-36 justify-items-end text-xs/4 text-muted">
        {countTicks(scale).map((tick) => (
          <span
            key={tick}
            className="relative self-start [grid-area:1/1] -translate-y-1/2"
            style={{ top: `${scale(tick)}%` }}
          >
            {formatFigure(tick)}
          </span>
        ))}
      </div>
      <div
        // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- it reads off, and sets nothing
        role="slider"
        tabIndex={0}
        aria-label={label}
        aria-orientation="horizontal"
        aria-valuemin={1}
        aria-valuemax={bars.length}
        aria-valuenow={(selected ?? last) + 1}
        aria-valuetext={current && describe(current)}
        className="relative h-36 cursor-crosshair touch-pan-y rounded-xs outline-offset-4"
        onPointerMove={selectByPointer}
        onPointerDown={selectByPointer}
        onPointerLeave={() => onSelect(undefined)}
        onFocus={({ currentTarget }) => {
          if (currentTarget.matches(':focus-visible')) onSelect(last)
        }}
        onBlur={() => onSelect(undefined)}
        onKeyDown={selectByKey}
      >
        <Bars bars={bars} fills={fills} selected={selected} scale={scale} />
      </div>
      <TimeAxis bars={bars} interval={interval} />
    </div>
  )
}

function Bars({ bars, fills, selected, scale }: BarsProps & { scale: ValueScale }) {
  const width = bars.length * SLOT_WIDTH
  return (
    <svg
      viewBox={`0 0 ${width} ${PLOT_HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden
      className="absolute inset-0 size-full overflow-visible"
    >
      {selected !== undefined && (
        <rect
          x={selected * SLOT_WIDTH}
          width={SLOT_WIDTH}
          height={PLOT_HEIGHT}
          className="fill-pressed"
        />
      )}
      {countTicks(scale).map((tick) => (
        <line
          key={tick}
          x2={width}
          y1={scale(tick)}
          y2={scale(tick)}
          vectorEffect="non-scaling-stroke"
          className={tick === 0 ? 'stroke-line-strong' : 'stroke-line-soft'}
        />
      ))}
      {bars.map(({ start, values }, at) =>
        stackBar(values, scale).map(({ series, y, height }) => (
          <rect
            key={`${start} ${series}`}
            x={at * SLOT_WIDTH + (SLOT_WIDTH - BAR_WIDTH) / 2}
            y={y}
            width={BAR_WIDTH}
            height={height}
            className={cx(fills[series])}
          />
        )),
      )}
    </svg>
  )
}

function TimeAxis({ bars, interval }: { bars: readonly Bar[]; interval: Interval }) {
  const [first] = bars
  const labels = first ? timeLabels(new Date(first.start), bars.length, interval) : []
  return (
    <div aria-hidden className="relative col-start-2 mt-1.5 h-4 text-xs text-muted">
      {labels.map(({ at, text }) => (
        <span
          key={text}
          className={cx(
            'absolute -translate-x-1/2 whitespace-nowrap',
            labels.length > NARROW_LABELS_MAX && 'max-sm:nth-[2n]:hidden',
          )}
          style={{ left: `clamp(1.25rem, ${((at + 0.5) / bars.length) * 100}%, 100% - 1.25rem)` }}
        >
          {text}
        </span>
      ))}
    </div>
  )
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

function indexAfterKey(
  key: string,
  index: number,
  last: number,
  interval: Interval,
): number | undefined {
  const page = interval === 'hour' ? 24 : 7
  const targets: Readonly<Record<string, number>> = {
    ArrowLeft: index - 1,
    ArrowDown: index - 1,
    ArrowRight: index + 1,
    ArrowUp: index + 1,
    PageDown: index - page,
    PageUp: index + page,
    Home: 0,
    End: last,
  }
  return targets[key]
}
