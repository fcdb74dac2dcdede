import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, type Locator, type Page } from '@playwright/test'
import type axe from 'axe-core'

declare global {
  interface Window {
    axe?: typeof axe
  }
}

/** The look in which stories of accessibility are told, and the one to which they are compared. */
export const narrow = { colorScheme: 'dark', viewport: { width: 390, height: 900 } } as const
const wide = { colorScheme: 'light', viewport: { width: 1440, height: 900 } } as const

const axeSource = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8')

/**
 * No rule of WCAG 2.2 A or AA, nor axe's best practices, is broken by what is on screen: neither
 * as it is, in the {@link narrow} look, nor wide and in light. Colours and widths meet in both.
 *
 * @param open opens what closes when a list takes its other form, such as the menu of a row
 */
export async function expectAccessible(
  page: Page,
  state: string,
  open?: () => Promise<void>,
): Promise<void> {
  await open?.()
  await expectLoaded(page)
  await expectNothingBroken(page, `${state}, narrow and dark`)
  const layers = await openLayers(page).count()
  await take(page, wide)
  await open?.()
  // What is checked now must not have closed on the way.
  await expect(openLayers(page)).toHaveCount(layers)
  await expectLoaded(page)
  await expectNothingBroken(page, `${state}, wide and light`)
  await take(page, narrow)
}

async function take(page: Page, { viewport, colorScheme }: typeof narrow | typeof wide) {
  await Promise.all([page.setViewportSize(viewport), page.emulateMedia({ colorScheme })])
  // The page hears of another width in a frame, and has drawn its other form in the next.
  await page.evaluate(async (isDark) => {
    const nextFrame = async () => new Promise((resolve) => requestAnimationFrame(resolve))
    const { classList } = document.documentElement
    while (classList.contains('dark') !== isDark) await nextFrame()
    await nextFrame()
    await nextFrame()
  }, colorScheme === 'dark')
}

function openLayers(page: Page): Locator {
  return page.locator('[role$="dialog"], :popover-open, [aria-expanded="true"]')
}

/** Waits for answers: outdated data is faint until then. */
async function expectLoaded(page: Page): Promise<void> {
  await expect(page.locator('[aria-busy="true"]')).toHaveCount(0)
}

/** No rule is broken by the page as it is. See {@link expectAccessible} for both looks. */
export async function expectNothingBroken(page: Page, state: string): Promise<void> {
  // A page that was loaded anew has lost it.
  if (!(await page.evaluate(() => window.axe !== undefined))) await page.evaluate(axeSource)
  const { found, overflow } = await page.evaluate(async () => {
    // Colours on their way between two states have a contrast of their own.
    const isEnding = ({ effect, playState }: Animation) =>
      playState === 'running' && effect?.getComputedTiming().endTime !== Infinity
    const running = () => document.getAnimations().filter(isEnding)
    while (running().length > 0) {
      await Promise.all(running().map((one) => one.finished.catch(() => {})))
    }
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
