import { StatusDot } from '../ui/feedback/badge.tsx'
import { formatDate, formatMoment, formatQuantity } from '../ui/text/format.ts'

const DAY = 86_400_000
const SOON = 14

/** When a token expires: the day, how soon that is, or that it is over. */
export function Expiry({ at, now }: { at: string | null; now: number }) {
  if (at === null) return <span className="text-muted">Never</span>
  const days = Math.ceil((Date.parse(at) - now) / DAY)
  const text = <time dateTime={at}>{days > SOON ? formatDate(at) : wordsFor(days)}</time>
  return (
    <span title={formatMoment(at)}>
      {days > SOON ? text : <StatusDot tone={days > 0 ? 'warn' : 'danger'}>{text}</StatusDot>}
    </span>
  )
}

function wordsFor(days: number): string {
  return days > 0 ? `In ${formatQuantity(days, 'day')}` : 'Expired'
}
