import { useState } from 'react'
import type { Usage } from '../../../../contract/usage/schemas.ts'
import type { Bar } from '../../../ui/chart/bar-chart.tsx'
import { lazyPart } from '../../../ui/lazy/lazy-part.tsx'
import { outcomes, sumCalls } from '../../data/call-counts.ts'
import { formatSpan } from './format-span.ts'
import { OutcomeCounts, outcomeFills } from './outcome-counts.tsx'

/** The chart, whose scales would double the code that the page waits for. */
export const BarChart = lazyPart(
  async () => (await import('../../../ui/chart/bar-chart.tsx')).BarChart,
  <div className="h-41.5" />,
)

/** Calls over time by outcome, and above them the counts of the selected hour or day, or of all. */
export function CallsChart({
  calls,
  span,
  label,
}: Pick<Usage, 'calls' | 'span'> & {
  /** What the counts are called while none is selected: "The last 7 days". */
  label: string
}) {
  const [selected, setSelected] = useState<number>()
  // A poll may have removed the oldest bars meanwhile.
  const at = selected === undefined ? undefined : Math.min(selected, calls.length - 1)
  const counts = at === undefined ? undefined : calls[at]

  function describe({ start, values }: Bar): string {
    const texts = outcomes.map((outcome, series) => `${values[series]} ${outcome}`)
    return `${formatSpan(start, span)}: ${texts.join(', ')}`
  }

  return (
    <div className="px-4 pt-3 pb-2.5 tabular-nums">
      <p className="mb-3 flex min-h-10 flex-wrap content-center items-baseline gap-x-4 sm:min-h-5">
        <span className="font-[550]">{counts ? formatSpan(counts.start, span) : label}</span>
        <OutcomeCounts counts={counts ?? sumCalls(calls)} />
      </p>
      <BarChart
        bars={calls.map((one) => ({
          start: one.start,
          values: outcomes.map((outcome) => one[outcome]),
        }))}
        fills={outcomes.map((outcome) => outcomeFills[outcome])}
        interval={span}
        selected={at}
        onSelect={setSelected}
        label={`Calls by ${span}`}
        describe={describe}
      />
    </div>
  )
}
