import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { chromium, type Browser, type Page } from '@playwright/test'

/** Takes the pictures of the README from the demo: `docs/pictures/NAME-{light,dark}.png`. */
const FOLDER = resolve(import.meta.dirname, '../docs/pictures')
const PORT = 4189
const ORIGIN = `http://127.0.0.1:${PORT}`
// The seed makes two runs show the same keys.
const START = `${ORIGIN}/deployments/plant-telemetry?seed=1`
const VIEWPORT = { width: 1280, height: 800 }

const schemes = ['light', 'dark'] as const

async function takePictures(browser: Browser, scheme: (typeof schemes)[number]): Promise<void> {
  const context = await browser.newContext({
    viewport: VIEWPORT,
    colorScheme: scheme,
    reducedMotion: 'reduce',
  })
  const page = await context.newPage()
  const take = async (name: string) => {
    await page.evaluate(() => document.fonts.ready)
    await page.screenshot({ path: join(FOLDER, `${name}-${scheme}.png`), animations: 'disabled' })
  }
  await page.goto(START)
  await page.getByText('Grafana scrape').first().waitFor()
  await page.getByRole('heading', { name: 'Deployment API Key' }).scrollIntoViewIfNeeded()
  await take('key-list')
  await fillNewKey(page)
  await take('new-key')
  await page.getByRole('button', { name: 'Confirm' }).click()
  await page.getByRole('dialog', { name: 'API Key Created' }).waitFor()
  await take('created')
  await page.goto(START)
  const row = page.getByRole('row').filter({ hasText: 'Line 3 publisher' })
  await row.getByRole('link').first().click()
  await page.getByRole('slider').first().waitFor()
  await take('key-page')
  await context.close()
}

async function fillNewKey(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'New API Key' }).click()
  const dialog = page.getByRole('dialog', { name: 'New API Key' })
  await dialog.getByLabel('Note').fill('Dashboard of line 4')
  for (const operation of ['GET /clients', 'GET /clients/{clientid}', 'POST /publish']) {
    await dialog.getByRole('checkbox', { name: operation }).first().check()
  }
  await dialog.getByRole('checkbox', { name: 'GET /clients' }).first().scrollIntoViewIfNeeded()
}

mkdirSync(FOLDER, { recursive: true })
const demo = spawn(process.execPath, [join(import.meta.dirname, 'demo.ts')], {
  env: { ...process.env, PORT: String(PORT) },
  stdio: ['ignore', 'pipe', 'inherit'],
})
try {
  await once(demo.stdout, 'data')
  const browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'],
  })
  for (const scheme of schemes) await takePictures(browser, scheme)
  await browser.close()
} finally {
  demo.kill()
}
