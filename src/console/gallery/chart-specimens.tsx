import { useState } from 'react'
import { BarChart } from '../ui/chart/bar-chart.tsx'
import { Sparkline } from '../ui/chart/sparkline.tsx'
import type { Specimen } from './specimen.ts'

const DAY_MS = 86_400_000
const START = Date.UTC(2026, 10, 1)
const bars = Array.from({ length: 30 }, (_, day) => ({
  start: new Date(START + day * DAY_MS).toISOString(),
  values: [(day * 37) % 200, day % 7, day % 11 === 0 ? 3 : 0],
}))

function Bars() {
  const [selected, setSelected] = useState<number>()
  return (
    <div className="w-full">
      <BarChart
        bars={bars}
        fills={['fill-accent', 'fill-warn', 'fill-danger']}
        interval="day"
        selected={selected}
        onSelect={setSelected}
        label="Calls by day"
        describe={({ start, values }) => `${start.slice(0, 10)}: ${values.join(', ')}`}
      />
    </div>
  )
}

function Sparklines() {
  return (
    <>
      <div className="w-64">
        <Sparkline series={bars.map(({ values: [value = 0] }) => value)} slots={30} label="Busy" />
      </div>
      <div className="w-64">
        <Sparkline series={bars.map(() => 0)} slots={30} label="Idle" />
      </div>
    </>
  )
}

export const charts: readonly Specimen[] = [
  { title: 'Bar chart', content: Bars },
  { title: 'Sparklines', content: Sparklines },
]
