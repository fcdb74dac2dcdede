import { cx } from '../../../ui/text/cx.ts'
import { formatCount } from '../../../ui/text/format.ts'
import { outcomes, type Outcome } from '../../data/call-counts.ts'

const dots: Readonly<Record<Outcome, string>> = {
  allowed: 'bg-accent',
  refused: 'bg-warn',
  failed: 'bg-danger',
}

/** The fill of each outcome in the chart, in the colour of its dot. */
export const outcomeFills: Readonly<Record<Outcome, string>> = {
  allowed: 'fill-accent',
  refused: 'fill-warn',
  failed: 'fill-danger',
}

/** The number of calls by outcome, named so that colour isn't the only cue. */
export function OutcomeCounts({ counts }: { counts: Readonly<Record<Outcome, number>> }) {
  return (
    <span className="flex flex-wrap gap-x-4 text-muted">
      {outcomes.map((outcome) => (
        <span key={outcome} className="inline-flex items-baseline gap-1.5 whitespace-nowrap">
          <span
            aria-hidden
            className={cx(
              'size-1.5 self-center rounded-full',
              counts[outcome] > 0 ? dots[outcome] : 'bg-line-strong',
            )}
          />
          <span className={cx(counts[outcome] > 0 && 'text-ink')}>
            {formatCount(counts[outcome])}
          </span>{' '}
          {outcome}
        </span>
      ))}
    </span>
  )
}
