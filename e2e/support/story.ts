import { test as base, type BrowserContext } from '@playwright/test'

/**
 * A story, in a tab of its own. Those of a worker are tabs of one profile: scripts and styles are
 * fetched and compiled once, not for every story. On the server the first administrator is signed
 * in there; in the demo each tab begins a demo of its own.
 */
export const test = base.extend<object, { profile: BrowserContext }>({
  profile: [
    async ({ browser }, provide, { project }) => {
      const { baseURL, contextOptions, storageState } = project.use
      const profile = await browser.newContext({
        ...contextOptions,
        ...(baseURL !== undefined && { baseURL }),
        ...(storageState !== undefined && { storageState }),
      })
      await provide(profile)
      await profile.close()
    },
    { scope: 'worker' },
  ],

  context: async ({ profile }, provide) => {
    await provide(profile)
    for (const page of profile.pages()) await page.close()
    await profile.clearPermissions()
  },

  page: async ({ context, viewport, colorScheme }, provide) => {
    const page = await context.newPage()
    if (viewport) await page.setViewportSize(viewport)
    await page.emulateMedia({ colorScheme })
    await provide(page)
    // What the tabs of a profile share besides.
    if (page.url() !== 'about:blank') await page.evaluate(() => localStorage.clear())
  },
})
