import type { Usage } from '../../../../contract/usage/schemas.ts'
import { formatCount } from '../../../ui/text/format.ts'
import { outcomes, totalCalls } from '../../data/call-counts.ts'
import { formatSpan } from './format-span.ts'

/** The counts of the chart as a table, the newest first, without hours or days without calls. */
export function CallsTable({ calls, span }: Pick<Usage, 'calls' | 'span'>) {
  const rows = calls.filter((one) => totalCalls(one) > 0).toReversed()
  return (
    <details className="border-t border-line-soft px-4 py-2 text-sm">
      <summary className="w-fit rounded-xs text-muted hover:text-ink">Show as a table</summary>
      <section
        aria-label={`Calls by ${span}`}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- to be scrolled by keyboard
        tabIndex={0}
        className="mt-2 max-h-72 overflow-y-auto rounded-xs"
      >
        <table className="w-full max-w-xl tabular-nums">
          <thead className="sticky top-0 bg-panel text-muted">
            <tr className="*:py-1 *:text-end *:font-[450] *:capitalize">
              <th scope="col" className="!text-start">
                {span === 'hour' ? 'Hour' : 'Day (UTC)'}
              </th>
              {outcomes.map((outcome) => (
                <th key={outcome} scope="col">
                  {outcome}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((one) => (
              <tr key={one.start} className="*:border-t *:border-line-soft *:py-1 *:text-end">
                <th scope="row" className="!text-start font-normal">
                  {formatSpan(one.start, span)}
                </th>
                {outcomes.map((outcome) => (
                  <td key={outcome}>{formatCount(one[outcome])}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </details>
  )
}
