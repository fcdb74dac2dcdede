import { useState, type KeyboardEvent, type PointerEvent } from 'react'
import type { Usage } from '../../../../contract/usage/schemas.ts'
import { formatFigure } from '../../../ui/text/format.ts'
import {
  axisLabels,
  axisTop,
  PLOT_HEIGHT,
  segmentsOf,
  spanText,
  sumOf,
  totalOf,
  type CallsOfSpan,
} from './call-counts.ts'
import { OutcomeCounts, outcomeFills } from './outcome-counts.tsx'

const SLOT = 10
const BAR = 8

/**
 * Calls over time by outcome, as stacked bars. The pointer or, with the focus on it, the arrow
 * keys read off one hour or day; the line above says which, and the sum while there is none.
 */
export function CallsChart({ calls, span, label }: CallsProps & { label: string }) {
  const [picked, setPicked] = useState<number>()
  const top = axisTop(Math.max(0, ...calls.map(totalOf)))
  // The newest ones move on while one looks at them.
  const at = picked === undefined ? undefined : Math.min(picked, calls.length - 1)
  const one = at === undefined ? undefined : calls[at]

  function pickByPointer({ currentTarget, clientX }: PointerEvent<HTMLElement>): void {
    const { left, width } = currentTarget.getBoundingClientRect()
    setPicked(slotAt((clientX - left) / width, calls.length))
  }

  function pickByKey(event: KeyboardEvent<HTMLElement>): void {
    if (event.key === 'Escape') return setPicked(undefined)
    const next = slotByKey(event.key, at ?? calls.length - 1, calls.length, span)
    if (next === undefined) return
    event.preventDefault()
    setPicked(next)
  }

  return (
    <div className="px-4 pt-3 pb-2.5 tabular-nums">
      <p className="flex min-h-10 flex-wrap content-center items-baseline gap-x-4 sm:min-h-5">
        <span className="font-[550]">{one ? spanText(one.start, span) : label}</span>
        <OutcomeCounts counts={one ?? sumOf(calls)} />
      </p>
      <div className="mt-3 grid grid-cols-[auto_minmax(0,1fr)] gap-x-2.5">
        <div
          aria-hidden
          className="flex h-36 flex-col items-end justify-between text-xs text-muted *:-my-2"
        >
          <span>{formatFigure(top)}</span>
          <span>{formatFigure(top / 2)}</span>
          <span>0</span>
        </div>
        <div
          // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- it reads off, and sets nothing
          role="slider"
          tabIndex={0}
          aria-label={`Calls by ${span}`}
          aria-orientation="horizontal"
          aria-valuemin={1}
          aria-valuemax={calls.length}
          aria-valuenow={(at ?? calls.length - 1) + 1}
          aria-valuetext={valueText(one ?? calls.at(-1), span)}
          className="relative h-36 cursor-crosshair touch-pan-y rounded-xs outline-offset-4"
          onPointerMove={pickByPointer}
          onPointerDown={pickByPointer}
          onPointerLeave={() => setPicked(undefined)}
          onFocus={({ currentTarget }) => {
            if (currentTarget.matches(':focus-visible')) setPicked(calls.length - 1)
          }}
          onBlur={() => setPicked(undefined)}
          onKeyDown={pickByKey}
        >
          <Bars calls={calls} top={top} picked={at} />
        </div>
        <TimeAxis calls={calls} span={span} />
      </div>
    </div>
  )
}

type CallsProps = { calls: readonly CallsOfSpan[]; span: Usage['span'] }

function Bars({
  calls,
  top,
  picked,
}: {
  calls: readonly CallsOfSpan[]
  top: number
  picked: number | undefined
}) {
  const width = calls.length * SLOT
  return (
    <svg
      viewBox={`0 0 ${width} ${PLOT_HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden
      className="absolute inset-0 size-full"
    >
      {picked !== undefined && (
        <rect x={picked * SLOT} width={SLOT} height={PLOT_HEIGHT} className="fill-pressed" />
      )}
      {[0, PLOT_HEIGHT / 2, PLOT_HEIGHT].map((y) => (
        <line
          key={y}
          x2={width}
          y1={y}
          y2={y}
          vectorEffect="non-scaling-stroke"
          className={y === PLOT_HEIGHT ? 'stroke-line-strong' : 'stroke-line-soft'}
        />
      ))}
      {calls.map((one, at) =>
        segmentsOf(one, top).map(({ outcome, y, height }) => (
          <rect
            key={`${one.start} ${outcome}`}
            x={at * SLOT + (SLOT - BAR) / 2}
            y={y}
            width={BAR}
            height={height}
            className={outcomeFills[outcome]}
          />
        )),
      )}
    </svg>
  )
}

function TimeAxis({ calls, span }: CallsProps) {
  return (
    <div aria-hidden className="relative col-start-2 mt-1.5 h-4 text-xs text-muted">
      {axisLabels(calls, span).map(({ at, text }) => (
        <span
          key={text}
          className="absolute -translate-x-1/2 whitespace-nowrap max-sm:nth-[2n]:hidden"
          style={{ left: `clamp(1.25rem, ${((at + 0.5) / calls.length) * 100}%, 100% - 1.25rem)` }}
        >
          {text}
        </span>
      ))}
    </div>
  )
}

function valueText(one: CallsOfSpan | undefined, span: Usage['span']): string {
  if (!one) return 'No calls'
  const { allowed, refused, failed } = one
  return `${spanText(one.start, span)}: ${allowed} allowed, ${refused} refused, ${failed} failed`
}

function slotAt(fraction: number, count: number): number {
  return Math.min(count - 1, Math.max(0, Math.floor(fraction * count)))
}

function slotByKey(
  key: string,
  at: number,
  count: number,
  span: Usage['span'],
): number | undefined {
  const page = span === 'hour' ? 24 : 7
  const steps: Readonly<Record<string, number>> = {
    ArrowLeft: at - 1,
    ArrowDown: at - 1,
    ArrowRight: at + 1,
    ArrowUp: at + 1,
    PageDown: at - page,
    PageUp: at + page,
    Home: 0,
    End: count - 1,
  }
  const next = steps[key]
  return next === undefined ? undefined : Math.min(count - 1, Math.max(0, next))
}
