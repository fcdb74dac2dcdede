import {
  test as base,
  expect,
  type Browser,
  type BrowserContext,
  type Page,
  type PlaywrightTestOptions,
} from '@playwright/test'
import { MANAGEMENT_BASE } from '../../src/contract/http/base-path.ts'
import { createdApiKeySchema } from '../../src/contract/keys/schemas.ts'
import { becomeSignedIn } from './accounts.ts'
import { fetchInPage } from './fetch-in-page.ts'
import type { Credentials } from './keys.ts'

/** A key that exists before a test: with these operations, or with full access. */
type ReadyKey = { note: string; operations?: readonly string[] }

type Fixtures = {
  /** Opens a tab in a new profile without a session. */
  newVisitor: () => Promise<Page>
  /** Creates a key by the API and deletes it after the test. */
  makeKey: (deployment: string, key: ReadyKey) => Promise<Credentials>
}

/** Options of the host that the tests run against. */
export type HostOptions = {
  /** The first administrator's password; undefined for the demo, which has no sign-in. */
  administratorPassword: string | undefined
}

type Profiles = {
  profile: BrowserContext
  /** Profiles of visitors, reused by later tests. */
  idleProfiles: BrowserContext[]
}

/**
 * A test in a new tab. The tabs of a worker share one profile, so that scripts are compiled once. On
 * the server the first administrator is signed in there, and no test may sign them out; in the demo
 * each tab starts a new session.
 */
export const test = base.extend<Fixtures, HostOptions & Profiles>({
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
    // Only the demo's pages reach its worker.
    const post = async (path: string, data: unknown) => {
      if (!isDemo) {
        const answer = await request.post(path, { data })
        return { status: answer.status(), text: await answer.text() }
      }
      if (page.url() === 'about:blank') {
        await page.goto('/')
        // An earlier request would belong to another tab's session.
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
    // The demo's session ends with its tab.
    if (isDemo) return
    // Some tests delete it themselves.
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
  // An open tab keeps the browser's process alive between tests.
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

/** Closes all tabs but the first and clears their shared state. */
async function leaveClean(profile: BrowserContext): Promise<void> {
  for (const page of profile.pages().slice(1)) {
    if (page.url() !== 'about:blank') await page.evaluate(() => localStorage.clear())
    await page.close()
  }
  await profile.clearPermissions()
}
