import type { Page } from '@playwright/test'
import { withConsole } from './browser.ts'
import { median, say, shown, table } from './print.ts'
import { DEPLOYMENT } from './store.ts'

const KEYS = 10_000
// A wheel, a hard pull at it, and the scrollbar itself: pixels in a frame.
const WAYS = [
  { name: 'by the wheel', pixels: 120, frames: 200 },
  { name: 'fast', pixels: 800, frames: 200 },
  { name: 'by the scrollbar', pixels: 9000, frames: 40 },
]

/** How the console scrolls through ten thousand keys, all of them loaded. */
export function benchScroll(): Promise<void> {
  return withConsole('Scrolling', KEYS, async (page, url) => {
    await page.goto(`${url}/deployments/${DEPLOYMENT}`)
    await loadAll(page)
    const rows: string[][] = []
    for (const way of WAYS) rows.push([way.name, ...(await scroll(page, way))])
    say(`The console's table of ${shown(KEYS)} keys, scrolled`)
    table(['', 'ms a frame', 'longest', 'tasks over 50 ms', 'the longest of them'], rows)
  })
}

async function loadAll(page: Page): Promise<void> {
  const more = page.getByRole('button', { name: 'Show more' })
  await more.waitFor()
  while ((await more.count()) > 0) {
    const text = (await page.getByText(/ of 10,000 shown$/).textContent()) ?? ''
    await more.click()
    await page.getByText(text, { exact: true }).waitFor({ state: 'detached' })
  }
}

async function scroll(
  page: Page,
  { pixels, frames }: { pixels: number; frames: number },
): Promise<string[]> {
  const taken = await page.evaluate(
    async ({ step, count }) => {
      const nextFrame = () =>
        new Promise((resolve) => {
          requestAnimationFrame(() => setTimeout(resolve))
        })
      window.scrollTo(0, 0)
      for (let frame = 0; frame < 30; frame += 1) await nextFrame()
      const tasks: number[] = []
      const observer = new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) tasks.push(duration)
      })
      observer.observe({ type: 'longtask' })
      const times: number[] = []
      for (let frame = 0; frame < count; frame += 1) {
        const started = performance.now()
        window.scrollBy(0, step)
        await nextFrame()
        times.push(performance.now() - started)
      }
      observer.disconnect()
      return { tasks, times }
    },
    { step: pixels, count: frames },
  )
  const { tasks, times } = taken
  return [
    shown(median(times), 1),
    shown(Math.max(...times), 1),
    shown(tasks.length),
    shown(tasks.length === 0 ? undefined : Math.max(...tasks)),
  ]
}
