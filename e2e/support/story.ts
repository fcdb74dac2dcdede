import {
  test as base,
  expect,
  type Browser,
  type BrowserContext,
  type Page,
  type PlaywrightTestOptions,
} from '@playwright/test'
import { MANAGEMENT_BASE } from '../../src/contract/routes.ts'
import { createdApiKeySchema } from '../../src/contract/schemas.ts'
import { becomeSignedIn } from './accounts.ts'
import { fetchInPage } from './fetch-in-page.ts'
import type { Credentials } from './keys.ts'

/** A key that there is when a story begins: with these operations, or with full access. */
type ReadyKey = { note: string; operations?: readonly string[] }

type Story = {
  /** Opens a tab of a profile of its own, in which nobody is signed in. */
  newVisitor: () => Promise<Page>
  /**
   * Makes a key past the console, for stories of something else; it goes when the story is over.
   */
  makeKey: (deployment: string, key: ReadyKey) => Promise<Credentials>
}

/** What the stories are told of their host. */
export type HostOptions = {
  /** Of the first administrator; undefined for the demo, which has no sign-in. */
  administratorPassword: string | undefined
}

type Profiles = {
  profile: BrowserContext
  /** Those of visitors of earlier stories. */
  idleProfiles: BrowserContext[]
}

/**
 * A story, in a tab of its own. Those of a worker are tabs of one profile: scripts and styles are
 * fetched and compiled once, not for every story. On the server the first administrator is signed
 * in there, and no story may sign them out; in the demo each tab begins a demo of its own.
 */
export const test = base.extend<Story, HostOptions & Profiles>({
  administratorPassword: [undefined, { option: true, scope: 'worker' }],

  profile: [
    async ({ browser, administratorPassword: password }, provide, { project }) => {
      const profile = await openProfile(browser, project.use)
      if (password !== undefined) await becomeSignedIn(profile, { username: 'admin', password })
      await provide(profile)
      await profile.close()
    },
    { scope: 'worker' },
  ],

  idleProfiles: [
    // oxlint-disable-next-line no-empty-pattern -- Playwright reads what a fixture needs from it
    async ({}, provide) => {
      const profiles: BrowserContext[] = []
      await provide(profiles)
      for (const profile of profiles) await profile.close()
    },
    { scope: 'worker' },
  ],

  context: async ({ profile }, provide) => {
    await provide(profile)
    await leaveClean(profile)
  },

  page: async ({ context, viewport, colorScheme }, provide) => {
    await provide(await openTab(context, { viewport, colorScheme }))
  },

  newVisitor: async ({ browser, idleProfiles, viewport, colorScheme }, provide, { project }) => {
    const here: BrowserContext[] = []
    await provide(async () => {
      const profile = idleProfiles.pop() ?? (await openProfile(browser, project.use))
      here.push(profile)
      return openTab(profile, { viewport, colorScheme })
    })
    for (const profile of here) {
      await leaveClean(profile)
      await profile.clearCookies()
      idleProfiles.push(profile)
    }
  },

  makeKey: async ({ page, context: { request }, administratorPassword }, provide) => {
    const isDemo = administratorPassword === undefined
    // Only a page of the demo reaches its worker.
    const post = async (path: string, data: unknown) => {
      if (!isDemo) {
        const answer = await request.post(path, { data })
        return { status: answer.status(), text: await answer.text() }
      }
      if (page.url() === 'about:blank') {
        await page.goto('/')
        // What is asked before the demo has started would be of another tab's.
        await page.getByRole('link', { name: 'plant-telemetry', exact: true }).waitFor()
      }
      const headers = { 'content-type': 'application/json' }
      return fetchInPage(page, 'POST', path, { headers, body: JSON.stringify(data) })
    }
    const made: string[] = []
    await provide(async (deployment, { note, operations }) => {
      const keys = `${MANAGEMENT_BASE}/deployments/${deployment}/api-keys`
      const access = operations ? { mode: 'list', operations } : { mode: 'full' }
      const { status, text } = await post(keys, { note, access })
      expect(status).toBe(201)
      const { apiKey, appSecret } = createdApiKeySchema.parse(JSON.parse(text))
      made.push(`${keys}/${apiKey.appId}`)
      return { appId: apiKey.appId, appSecret }
    })
    // A demo goes with its tab.
    if (isDemo) return
    // Some stories delete it themselves.
    for (const key of made) expect([204, 404]).toContain((await request.delete(key)).status())
  },
})

type Use = Partial<Pick<PlaywrightTestOptions, 'baseURL' | 'contextOptions'>>

async function openProfile(
  browser: Browser,
  { baseURL, contextOptions }: Use,
): Promise<BrowserContext> {
  const profile = await browser.newContext({
    ...contextOptions,
    ...(baseURL !== undefined && { baseURL }),
  })
  // The browser ends its process with the last tab, and would start another for the next one.
  await profile.newPage()
  return profile
}

type Look = Pick<PlaywrightTestOptions, 'viewport' | 'colorScheme'>

async function openTab(profile: BrowserContext, { viewport, colorScheme }: Look): Promise<Page> {
  const page = await profile.newPage()
  if (viewport) await page.setViewportSize(viewport)
  await page.emulateMedia({ colorScheme })
  return page
}

/** Closes all tabs but the first one, which keeps the process, and clears what they share. */
async function leaveClean(profile: BrowserContext): Promise<void> {
  for (const page of profile.pages().slice(1)) {
    if (page.url() !== 'about:blank') await page.evaluate(() => localStorage.clear())
    await page.close()
  }
  await profile.clearPermissions()
}
