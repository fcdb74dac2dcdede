import { Hint } from '../overlays/tooltip.tsx'
import { formatAgo, formatDate, formatMoment } from './format.ts'

/** How long ago something was; the exact time shows on hover, focus and press. */
export function Ago({ at, now }: { at: string; now: number }) {
  return (
    <Hint quiet reason={formatMoment(at)}>
      <time dateTime={at}>{formatAgo(at, now)}</time>
    </Hint>
  )
}

/** The day of something, with the exact time on hover. */
export function Day({ at }: { at: string }) {
  return (
    <time dateTime={at} title={formatMoment(at)}>
      {formatDate(at)}
    </time>
  )
}
