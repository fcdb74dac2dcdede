import AxeBuilder from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'

/** The two looks in which every state is checked: colours and widths meet in both. */
export const looks = [
  { colorScheme: 'light', width: 1440 },
  { colorScheme: 'dark', width: 390 },
] as const

/** No rule of WCAG 2.2 A or AA, nor axe's best practices, is broken by what is on screen. */
export async function expectAccessible(page: Page, state: string): Promise<void> {
  // Colours on their way between two states have a contrast of their own.
  await page.evaluate(() =>
    Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => {}))),
  )
  // Its other mode opens a page of its own each time, for frames of other origins; there are none.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze()
  const found = violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map((one) => one.html).join(' ')}`,
  )
  expect(found, state).toEqual([])
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  )
  expect(overflow, `${state}: nothing to scroll sideways`).toBe(0)
}
