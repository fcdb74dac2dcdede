import { test as base, type BrowserContext } from '@playwright/test'

/**
 * A story, alone on its host. On the server it has a browser profile of its own. The demo's
 * stories are tabs of one profile for each worker, as each tab begins a demo of its own: its
 * scripts and its engine are fetched and compiled once, not for every story.
 */
export const test = base.extend<object, { demoProfile: BrowserContext | undefined }>({
  demoProfile: [
    async ({ browser }, provide, { project }) => {
      if (project.name !== 'demo') return provide(undefined)
      const { baseURL, contextOptions } = project.use
      const profile = await browser.newContext({
        ...contextOptions,
        ...(baseURL !== undefined && { baseURL }),
      })
      await provide(profile)
      await profile.close()
    },
    { scope: 'worker' },
  ],

  context: async ({ context, demoProfile }, provide) => {
    await provide(demoProfile ?? context)
    if (!demoProfile) return
    for (const page of demoProfile.pages()) await page.close()
    await demoProfile.clearPermissions()
  },

  page: async ({ context, demoProfile, viewport, colorScheme }, provide) => {
    const page = await context.newPage()
    if (demoProfile) {
      if (viewport) await page.setViewportSize(viewport)
      await page.emulateMedia({ colorScheme })
    }
    await provide(page)
    // What the tabs of a profile share besides.
    if (demoProfile && page.url() !== 'about:blank') await page.evaluate(() => localStorage.clear())
  },
})
