import { readFile } from 'node:fs/promises'
import { expect, type Page } from '@playwright/test'
import { test } from './support/fixtures.ts'
import { tabTo } from './support/keyboard.ts'
import { chooseAction, deleteKey, keyRow, openDeployment, operationBox } from './support/keys.ts'

const deeds = (page: Page) => page.getByRole('row').filter({ hasText: /API key|access of/ })

/** Takes a permission from a key, and disables and enables it. */
async function narrowAndPause(page: Page, appId: string): Promise<void> {
  await chooseAction(page, appId, 'Edit')
  const dialog = page.getByRole('dialog', { name: 'Edit API Key' })
  await operationBox(dialog, 'GET /rules').uncheck()
  await dialog.getByRole('button', { name: 'Confirm' }).click()
  await expect(dialog).toBeHidden()
  await chooseAction(page, appId, 'Disable')
  await page.getByRole('alertdialog').getByRole('button', { name: 'Disable' }).click()
  await expect(keyRow(page, appId)).toContainText('Disabled')
  await chooseAction(page, appId, 'Enable')
  await expect(keyRow(page, appId)).toContainText('Active')
}

test('A key has a history of its own, also after it was deleted', async ({ page, makeKey }) => {
  const operations = ['GET /clients', 'GET /rules']
  const { appId } = await makeKey('fleet-tracking', { note: 'A whole life', operations })
  await openDeployment(page, 'fleet-tracking')
  await narrowAndPause(page, appId)
  await chooseAction(page, appId, 'Activity')
  await expect(page).toHaveTitle(`Activity of ${appId} · Latchkey`)
  await expect(page.locator('main')).toBeFocused()
  await expect(deeds(page)).toContainText([
    'enabled the API key',
    'disabled the API key',
    /changed the access of k[0-9a-f]{11} −1/,
    /created the API key k[0-9a-f]{11} with 2 endpoints/,
  ])
  await page.goBack()
  await deleteKey(page, appId)
  await page.goForward()
  await page.reload()
  await expect(deeds(page)).toHaveCount(5)
  await expect(deeds(page).first()).toContainText('deleted the API key')

  const changes = page.getByRole('button', { name: /^Changes: .*changed the access/ })
  await tabTo(page, changes)
  await page.keyboard.press('Enter')
  await expect(changes).toHaveAttribute('aria-expanded', 'true')
  await expect(page.getByText('1 removed')).toBeVisible()
  await expect(page.getByText('/rules', { exact: true })).toBeVisible()
})

test('Filters stand in the address and hold after a reload', async ({ page, makeKey }) => {
  const operations = ['GET /clients']
  const { appId } = await makeKey('grid-metering', { note: 'Looked for', operations })
  await page.goto('/activity')
  await page.getByRole('searchbox', { name: 'Search activity' }).fill(appId)
  await expect(deeds(page)).toHaveCount(1)
  await page.getByRole('combobox', { name: 'Time' }).selectOption('Today')
  await page.getByRole('combobox', { name: 'About' }).selectOption('API keys')
  await page.getByRole('combobox', { name: 'Deployment' }).selectOption('grid-metering')
  await expect(page).toHaveURL(/range=today/)
  await page.reload()
  await expect(deeds(page)).toHaveCount(1)
  await page.getByRole('combobox', { name: 'Deployment' }).selectOption('plant-telemetry')
  await expect(page.getByText('Nothing matches')).toBeVisible()
  await page.goBack()
  await expect(deeds(page)).toHaveCount(1)
  await page.getByRole('combobox', { name: 'Time' }).selectOption('Between dates…')
  await page.getByLabel('Last day').fill('2020-01-01')
  await page.getByRole('button', { name: 'Clear filter' }).click()
  await expect(page).toHaveURL(/\/activity$/)
  await expect(page.getByRole('searchbox', { name: 'Search activity' })).toHaveValue('')
})

test('The exact time of an entry shows on focus', async ({ page, makeKey }) => {
  const operations = ['GET /clients']
  const { appId } = await makeKey('grid-metering', { note: 'Timed', operations })
  await page.goto(`/activity?search=${appId}`)
  const when = deeds(page)
    .first()
    .getByRole('button', { name: /ago|now/ })
  await tabTo(page, when)
  await expect(when).toHaveAccessibleDescription(/\d{1,2} \w+ \d{4}, \d\d:\d\d:\d\d/)
  await expect(page.getByRole('tooltip')).toBeVisible()
})

test('What is shown is exported as CSV', async ({ page, makeKey }) => {
  const operations = ['GET /clients']
  const { appId } = await makeKey('grid-metering', { note: 'Exported', operations })
  await page.goto(`/activity?search=${appId}`)
  await expect(deeds(page)).toHaveCount(1)
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Export CSV' }).click(),
  ])
  expect(download.suggestedFilename()).toMatch(/^latchkey-activity-.*\.csv$/)
  const lines = (await readFile(await download.path(), 'utf8')).trim().split('\r\n')
  expect(lines).toHaveLength(2)
  expect(lines[1]).toContain('apiKey.create')
  expect(lines[1]).toContain(appId)
  await expect(page).toHaveURL(/\/activity/)
})
