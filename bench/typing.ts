import type { Locator, Page } from '@playwright/test'
import type { Catalog } from '../src/contract/catalog/operation.ts'
import { v5Catalog } from '../src/contract/catalog/v5.ts'
import { withConsole } from './browser.ts'
import { enterpriseCatalog } from './decisions.ts'
import { median, say, shown, table } from './print.ts'
import { DEPLOYMENT } from './store.ts'

const SLOWED = 4
/** What is typed, and taken back letter by letter, so many times. */
const TEXT = 'delete clients rules publish'
const TIMES = 3
/** Milliseconds between two keys: a fast typist, a usual one, a slow one. */
const PACES = [60, 110, 160]
// The least that a browser tells of (https://www.w3.org/TR/event-timing/).
const LEAST = 16

/**
 * How long a key takes in the picker's search, from the press to the next frame, on a slowed
 * CPU; beside it a bare input on an empty page, by which the machine itself is known.
 */
export function benchTyping(): Promise<void> {
  return withConsole('Typing', 1, async (page, url) => {
    const slow = await page.context().newCDPSession(page)
    const rows: string[][] = []
    const measure = async (name: string, input: Locator) => {
      await slow.send('Emulation.setCPUThrottlingRate', { rate: SLOWED })
      for (const pace of PACES) rows.push([name, `${pace}`, ...(await type(page, input, pace))])
      await slow.send('Emulation.setCPUThrottlingRate', { rate: 1 })
    }
    await page.goto(`${url}/robots.txt`)
    await page.setContent('<input aria-label="Bare">')
    await measure('a bare input', page.getByLabel('Bare'))
    for (const catalog of [v5Catalog, enterpriseCatalog()]) {
      await page.route('**/catalog', (route) => route.fulfill({ json: answerOf(catalog) }))
      await page.goto(`${url}/deployments/${DEPLOYMENT}`)
      await page.getByRole('button', { name: 'New API Key' }).click()
      await page.getByRole('dialog').getByRole('checkbox').first().waitFor()
      const name = `the search among ${catalog.operations.length} operations`
      await measure(name, page.getByRole('dialog').getByRole('searchbox'))
      await page.unroute('**/catalog')
    }
    say(
      `A key in the picker's search, from the press to the next frame, CPU slowed ${SLOWED} times`,
    )
    table(['', 'ms apart', 'keys', 'median ms', 'longest', 'longest at work', 'over 50 ms'], rows)
  })
}

/** The catalog as the API gives it, by the categories of its operations. */
function answerOf({ operations }: Catalog) {
  const names = [...new Set(operations.map(({ category }) => category))]
  const categories = names.map((name) => ({
    name,
    operations: operations
      .filter(({ category }) => category === name)
      .map(({ id, method, path, summary, risk }) => {
        const text = summary === '' ? `What ${id} does` : summary
        return { id, method, path, summary: text, supported: true, ...(risk && { risk }) }
      }),
  }))
  return { categories }
}

type Key = { toFrame: number; atWork: number }

async function type(page: Page, input: Locator, pace: number): Promise<string[]> {
  await input.click()
  const seen = await page.evaluateHandle((durationThreshold) => {
    const keys: Key[] = []
    const observer = new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        if (!(entry instanceof PerformanceEventTiming) || entry.name !== 'keydown') continue
        const { duration: toFrame, processingStart, processingEnd } = entry
        keys.push({ toFrame, atWork: processingEnd - processingStart })
      }
    })
    const events = { type: 'event', durationThreshold }
    observer.observe(events)
    return keys
  }, LEAST)
  for (let time = 0; time < TIMES; time += 1) {
    await page.keyboard.type(TEXT, { delay: pace })
    for (const _ of TEXT) await page.keyboard.press('Backspace', { delay: pace })
  }
  // The browser tells of the last ones a little later.
  const keys = await page.evaluate(
    (list) => new Promise<Key[]>((resolve) => setTimeout(() => resolve(list), 500)),
    seen,
  )
  const pressed = TEXT.length * 2 * TIMES
  const toFrame = keys.map((key) => key.toFrame)
  // What the browser doesn't tell of was faster than it tells.
  const all = [...toFrame, ...Array.from({ length: Math.max(0, pressed - keys.length) }, () => 0)]
  return [
    shown(pressed),
    median(all) < LEAST ? `< ${LEAST}` : shown(median(all)),
    shown(Math.max(0, ...toFrame)),
    shown(Math.max(0, ...keys.map((key) => key.atWork))),
    shown(toFrame.filter((took) => took > 50).length),
  ]
}
