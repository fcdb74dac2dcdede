import { cx } from '../../../ui/text/cx.ts'
import { formatCount } from '../../../ui/text/format.ts'
import { outcomes, type Outcome } from '../../data/call-counts.ts'

const dots: Readonly<Record<Outcome, string>> = {
  allowed: 'bg-accent',
  refused: 'bg-warn',
  failed: 'bg-danger',
}

/** The colour of each outcome in a drawing; the same as its dot's. */
export const outcomeFills: Readonly<Record<Outcome, string>> = {
  allowed: 'fill-accent',
  refused: 'fill-warn',
  failed: 'fill-danger',
}

/** How many calls came to what; the names are always there, the colours never alone. */
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
