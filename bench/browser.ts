import { existsSync } from 'node:fs'
import { chromium, type Page } from '@playwright/test'
import { ensureBuilt } from '../scripts/setup/build.ts'
import { startTestServer } from '../test/harness/test-server.ts'
import { say } from './print.ts'
import { withFolder } from './process.ts'
import { configOf, environmentOf, fillStore } from './store.ts'

const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium'

/**
 * Has a page of the console at hand, signed in at a server with so many keys; says so where there
 * is no browser.
 *
 * @param what is measured, for the word about what is left out
 */
export async function withConsole(
  what: string,
  keys: number,
  work: (page: Page, url: string) => Promise<void>,
): Promise<void> {
  if (!existsSync(CHROMIUM)) {
    say(`${what} is left out: there is no Chromium here, or none that CHROMIUM names.`)
    return
  }
  const consoleFolder = await ensureBuilt('console')
  await withFolder(async (dataDir) => {
    const spec = { upstream: 'http://127.0.0.1:9', keys, used: true }
    await fillStore(configOf(dataDir, undefined), spec)
    const environment = environmentOf(dataDir, undefined)
    const server = await startTestServer({ environment, dataDir, consoleFolder })
    const browser = await chromium.launch({
      executablePath: CHROMIUM,
      args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
    })
    try {
      const { cookie } = await server.signIn()
      const [name = '', value = ''] = cookie.split('=', 2)
      const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
      await context.addCookies([{ name, value, url: server.url }])
      await work(await context.newPage(), server.url)
    } finally {
      await browser.close()
      await server.stop()
    }
  })
}
