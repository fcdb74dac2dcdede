import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { createMetrics } from './metrics.ts'

const file = join(import.meta.dirname, '../../../deploy/grafana-dashboard.json')
const dashboardSchema = z.object({
  panels: z.array(
    z.object({ title: z.string(), targets: z.array(z.object({ expr: z.string() })).default([]) }),
  ),
  templating: z.object({
    list: z.array(z.object({ name: z.string(), definition: z.string().optional() })),
  }),
})

/** All that a server counts, with each of its labels. */
async function page(): Promise<string> {
  const metrics = createMetrics()
  metrics.countCall({ deploymentId: 'line-3', outcome: 'failed', failure: 'timeout' }, 1)
  metrics.countManaged(200, 1)
  metrics.countQuery({ kind: 'read', milliseconds: 1, failed: false })
  await metrics.timeWork('usage.write', async () => {})
  await metrics.timeLookUp(async () => {})
  return (await metrics.page(() => true)).body
}

test('the dashboard shows every figure of Latchkey’s own, and nothing that there is not', async () => {
  const { panels, templating } = dashboardSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
  const queries = [
    ...panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
    ...templating.list.flatMap(({ definition }) => definition ?? []),
  ]
  const named = new Set(
    queries.flatMap((query) => query.match(/\b(?:latchkey|process|nodejs)_\w+/g)),
  )
  expect(named.size).toBeGreaterThan(8)

  const text = await page()
  const series = new Set([...text.matchAll(/^([a-z_0-9]+)[{ ]/gm)].map(([, name]) => name))
  expect([...named].filter((name) => !series.has(name ?? ''))).toEqual([])
  const own = [...text.matchAll(/^# TYPE (latchkey_\w+)/gm)].map(([, name = '']) => name)
  const isShown = (name: string) => [...named].some((one) => one?.startsWith(name))
  expect(own.length).toBeGreaterThan(5)
  expect(own.filter((name) => !isShown(name))).toEqual([])
})

test('it asks for labels and values that there are', async () => {
  const { panels } = dashboardSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
  const text = await page()
  for (const { expr } of panels.flatMap(({ targets }) => targets)) {
    for (const [, name = '', selector = ''] of expr.matchAll(/(latchkey_\w+)\{([^}]*)\}/g)) {
      // Prometheus adds the instance itself.
      const labels = [...selector.matchAll(/(\w+)=~?"/g)].map(([, label]) => label)
      const lines = text.split('\n').filter((line) => line.startsWith(`${name}{`))
      for (const label of labels.filter((one) => one !== 'instance')) {
        expect([expr, label, lines[0]?.includes(`${label}="`)]).toEqual([expr, label, true])
      }
    }
  }
})
