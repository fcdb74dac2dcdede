import type { Locator, Page } from '@playwright/test'

/** Presses Tab until this has the focus; the mouse is never used. */
export async function tabTo(page: Page, target: Locator, key = 'Tab'): Promise<void> {
  for (let press = 0; press < 250; press += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return
    await page.keyboard.press(key)
  }
  throw new Error(`Tab never reaches ${String(target)}`)
}
