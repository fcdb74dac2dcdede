import { memo, type ReactNode } from 'react'
import type { Figures } from '../../../contract/deployments/schemas.ts'
import { SERIES } from '../../../contract/deployments/series.ts'
import { Sparkline } from '../../ui/chart/sparkline.tsx'
import { Skeleton } from '../../ui/feedback/empty-and-error.tsx'
import { cx } from '../../ui/text/cx.ts'
import { formatFigure, formatRate } from '../../ui/text/format.ts'

const SPAN = 'the last two minutes'

/** The live figures of a deployment; what its backend doesn't tell has no place here. */
export const FiguresStrip = memo(function FiguresStrip({ figures }: { figures: Figures }) {
  const { sessions, subscriptions, messagesIn, messagesOut, apiCalls } = figures
  const { allowed, refused, failed } = apiCalls.perMinute
  return (
    <Strip>
      {sessions && <Gauge label="Sessions" {...sessions} />}
      {subscriptions && <Gauge label="Subscriptions" {...subscriptions} />}
      {messagesIn && <Rate label="Messages in" {...messagesIn} />}
      {messagesOut && <Rate label="Messages out" {...messagesOut} />}
      <Figure
        wide
        label="API calls"
        value={formatFigure(allowed + refused + failed)}
        unit="per minute"
        aside={
          <span className="flex flex-wrap justify-end gap-x-3">
            <Outcome dot="bg-ok" count={allowed} name="allowed" />
            <Outcome dot="bg-warn" count={refused} name="refused" />
            <Outcome dot="bg-danger" count={failed} name="failed" />
          </span>
        }
        series={apiCalls.series}
        describe={(peak) => `API calls over ${SPAN}: at most ${formatFigure(peak)} in two seconds`}
      />
    </Strip>
  )
})

function Gauge({
  label,
  current,
  limit,
  series,
}: {
  label: string
  current: number
  limit: number | null
  series: readonly number[]
}) {
  return (
    <Figure
      label={label}
      value={formatFigure(current)}
      unit={limit === null ? undefined : `of ${formatFigure(limit)}`}
      series={series}
      describe={(peak) => `${label} over ${SPAN}: at most ${formatFigure(peak)}`}
    />
  )
}

function Rate({
  label,
  perSecond,
  series,
}: {
  label: string
  perSecond: number
  series: readonly number[]
}) {
  return (
    <Figure
      label={label}
      value={formatRate(perSecond)}
      unit="per second"
      series={series}
      describe={(peak) => `${label} over ${SPAN}: at most ${formatRate(peak)} per second`}
    />
  )
}

function Outcome({ dot, count, name }: { dot: string; count: number; name: string }) {
  return (
    <span className="inline-flex items-baseline gap-1.5 whitespace-nowrap">
      <span
        aria-hidden
        className={cx('size-1.5 self-center rounded-full', count > 0 ? dot : 'bg-line-strong')}
      />
      <span className={cx(count > 0 && 'text-ink')}>{formatFigure(count)}</span> {name}
    </span>
  )
}

function Figure({
  label,
  value,
  unit,
  aside,
  series,
  describe,
  wide = false,
}: {
  label: string
  value: string
  unit?: ReactNode
  /** Stands at the end of the label's line. */
  aside?: ReactNode
  series: readonly number[]
  describe: (peak: number) => string
  wide?: boolean
}) {
  return (
    <Cell wide={wide}>
      <dt className="text-sm text-muted">{label}</dt>
      <dd className="col-span-2 row-start-2 text-sm text-muted tabular-nums">
        <p className="flex min-h-7 flex-wrap items-baseline gap-x-1.5 *:whitespace-nowrap">
          <span className="text-xl font-semibold text-ink">{value}</span>
          {unit !== undefined && <span>{unit}</span>}
        </p>
        <div className="mt-2">
          <Sparkline
            series={series}
            slots={SERIES.slots}
            label={describe(Math.max(0, ...series))}
          />
        </div>
      </dd>
      {aside !== undefined && <dd className="text-sm text-muted tabular-nums">{aside}</dd>}
    </Cell>
  )
}

// Cells grow to fill their line, so that no width leaves a hole; the hairlines are the gaps.
function Strip({ children }: { children: ReactNode }) {
  return (
    <div className="overflow-hidden rounded-md border border-line bg-panel">
      <dl aria-label="Live figures" className="-mt-px -ml-px flex flex-wrap">
        {children}
      </dl>
    </div>
  )
}

function Cell({ wide, children }: { wide: boolean; children: ReactNode }) {
  return (
    <div
      className={cx(
        'grid min-w-0 grid-cols-[auto_1fr] content-start gap-x-4 gap-y-0.5 border-t border-l border-line-soft px-3 py-3 sm:px-4',
        wide ? 'flex-[1.7_1_22rem]' : 'flex-[1_1_9.5rem]',
      )}
    >
      {children}
    </div>
  )
}

/** Stands in for the figures until they are there, in their size. */
export function FiguresSkeleton() {
  return (
    <Strip>
      {['a', 'b', 'c', 'd', 'e'].map((key) => (
        <Cell key={key} wide={key === 'e'}>
          <dt>
            <Skeleton className="mt-0.5 h-3 w-20" />
          </dt>
          <dd className="col-span-2 h-16.5">
            <Skeleton className="mt-2 h-4 w-16" />
            <Skeleton className="mt-5 h-4 w-full" />
          </dd>
        </Cell>
      ))}
    </Strip>
  )
}
