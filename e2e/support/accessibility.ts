import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, type Page } from '@playwright/test'
import type axe from 'axe-core'

declare global {
  interface Window {
    axe?: typeof axe
  }
}

/** The two looks in which every state is checked: colours and widths meet in both. */
export const looks = [
  { colorScheme: 'light', width: 1440 },
  { colorScheme: 'dark', width: 390 },
] as const

const axeSource = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8')

/** No rule of WCAG 2.2 A or AA, nor axe's best practices, is broken by what is on screen. */
export async function expectAccessible(page: Page, state: string): Promise<void> {
  // What is out of date is shown faint until what was asked for is there.
  await expect(page.locator('[aria-busy="true"]')).toHaveCount(0)
  // A page that was loaded anew has lost it.
  if (!(await page.evaluate(() => window.axe !== undefined))) await page.evaluate(axeSource)
  const { found, overflow } = await page.evaluate(async () => {
    // Colours on their way between two states have a contrast of their own.
    await Promise.all(
      document.getAnimations().map((animation) => animation.finished.catch(() => {})),
    )
    if (!window.axe) throw new Error('axe is not on the page')
    // No rule that is on by default looks at style sheets, which it would fetch again each time.
    const { violations } = await window.axe.run(document, {
      resultTypes: ['violations'],
      preload: false,
    })
    const { scrollWidth, clientWidth } = document.documentElement
    return {
      found: violations.map(({ id, nodes }) => `${id}: ${nodes.map((one) => one.html).join(' ')}`),
      overflow: scrollWidth - clientWidth,
    }
  })
  expect(found, state).toEqual([])
  expect(overflow, `${state}: nothing to scroll sideways`).toBe(0)
}
