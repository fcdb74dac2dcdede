import { expect, type Locator, type Page } from '@playwright/test'
import { test } from './support/fixtures.ts'
import { tabTo } from './support/keyboard.ts'
import { callApi, keyRow, openDeployment, type Credentials } from './support/keys.ts'

/** Calls with a key twice what it may and once what it may not, and opens its page. */
async function useAndOpen(page: Page, deployment: string, key: Credentials): Promise<void> {
  await openDeployment(page, deployment)
  await expect(keyRow(page, key.appId)).toContainText('Never used')
  expect((await callApi(page, 'GET /clients', key)).status).toBe(200)
  expect((await callApi(page, 'GET /clients', key)).status).toBe(200)
  expect((await callApi(page, 'GET /subscriptions', key)).status).toBe(403)
  await page.getByRole('link', { name: key.appId, exact: true }).click()
  await expect(page.getByRole('heading', { level: 1, name: key.appId })).toBeVisible()
}

const watched = { note: 'Watched', operations: ['GET /clients'] }

const part = (page: Page, name: string): Locator => page.getByRole('region', { name, exact: true })
const tester = (page: Page): Locator => part(page, 'Access tester')

// What was counted is stored within five seconds, and asked for every ten.
const RECORDED = { timeout: 30_000 }

async function deleteHere(page: Page, appId: string): Promise<void> {
  await page.getByRole('button', { name: `Actions for ${appId}` }).click()
  await page.getByRole('menuitem', { name: 'Delete', exact: true }).click()
  const dialog = page.getByRole('alertdialog')
  await dialog.getByRole('button', { name: 'Delete', exact: true }).click()
  await expect(page.getByRole('heading', { name: 'Deployment API Key' })).toBeVisible()
  await expect(keyRow(page, appId)).toHaveCount(0)
}

test('The page of a key tells what was called with it, and the table when last', async ({
  page,
  makeKey,
}) => {
  const key = await makeKey('fleet-tracking', watched)
  const { appId } = key
  await useAndOpen(page, 'fleet-tracking', key)
  await expect(page).toHaveTitle(/fleet-tracking/)
  const usage = part(page, 'Usage')
  await expect(usage).toContainText(/The last 7 days\s*2 allowed\s*1 refused\s*0 failed/, RECORDED)
  const operations = part(page, 'Operations by use')
  await expect(operations.getByRole('listitem').first()).toContainText(/GET\/clients2 allowed/)
  await expect(usage).toContainText('The record of this key begins')

  await page.getByRole('link', { name: '30 d: the last 30 days' }).click()
  await expect(page).toHaveURL(/\?days=30$/)
  await expect(usage).toContainText(/The last 30 days\s*2 allowed/)
  await page.reload()
  await expect(usage).toContainText(/The last 30 days\s*2 allowed/)
  await usage.getByText('Show as a table').click()
  await expect(usage.getByRole('row').last()).toContainText('210')

  await page.getByRole('link', { name: 'fleet-tracking', exact: true }).click()
  const lastUsed = keyRow(page, appId).getByRole('button', { name: /Just now| s ago| min ago/ })
  await expect(lastUsed).toHaveAccessibleDescription(/GET \/clients/)
  await page.getByRole('link', { name: appId, exact: true }).click()
  await deleteHere(page, appId)
})

test('A refused call leads to the permission that it lacks, and then goes through', async ({
  page,
  makeKey,
}) => {
  const key = await makeKey('grid-metering', watched)
  await useAndOpen(page, 'grid-metering', key)
  const refused = part(page, 'Refused calls')
  await expect(refused.getByRole('listitem')).toContainText('GET/subscriptions', RECORDED)
  await expect(refused.getByRole('listitem')).toContainText('1 call')
  await refused.getByRole('button', { name: /^Add this permission/ }).click()

  const dialog = page.getByRole('dialog', { name: 'Edit API Key' })
  await expect(dialog.getByRole('checkbox', { name: /^GET \/subscriptions, / })).toBeChecked()
  await expect(dialog).toContainText('+1 added')
  await dialog.getByRole('button', { name: 'Confirm' }).click()
  await expect(dialog).toBeHidden()
  const done = refused.getByRole('button', { name: /^Allowed now/ })
  await expect(done).toBeFocused()
  await expect(done).toHaveAttribute('aria-disabled', 'true')

  await page.getByRole('link', { name: 'grid-metering', exact: true }).click()
  expect((await callApi(page, 'GET /subscriptions', key)).status).toBe(200)
})

test('The access tester says what a pasted call would come to, and keeps no secret', async ({
  page,
  makeKey,
}) => {
  const operations = ['GET /clients/{clientid}']
  const made = await makeKey('plant-telemetry', { note: 'Tested', operations })
  const { appId, appSecret } = made
  await openDeployment(page, 'plant-telemetry')
  const base = (await page.getByLabel('API base URL', { exact: true }).textContent()) ?? ''
  await page.getByRole('link', { name: appId, exact: true }).click()
  const field = tester(page).getByRole('textbox', { name: 'Path or curl line' })
  await field.fill('/clients/a%2Fb')
  await field.press('Enter')
  const verdict = tester(page).getByRole('status')
  await expect(verdict).toContainText('Allowed by Clients › GET /clients/{clientid}')

  await field.evaluate((element, text) => {
    const clipboardData = new DataTransfer()
    clipboardData.setData('text', text)
    const options = { clipboardData, bubbles: true, cancelable: true }
    element.dispatchEvent(new ClipboardEvent('paste', options))
  }, `curl -u '${appId}:${appSecret}' \\\n  -X DELETE '${base}/clients/line-3'`)
  await expect(field).toHaveValue('/clients/line-3')
  await expect(verdict).toContainText('Refused: not granted')
  expect(await page.content()).not.toContain(appSecret)

  await tester(page)
    .getByRole('button', { name: /^Add this permission/ })
    .click()
  const dialog = page.getByRole('dialog', { name: 'Edit API Key' })
  await expect(dialog).toContainText('+1 added')
  await dialog.getByRole('button', { name: 'Confirm' }).click()
  await expect(verdict).toContainText('Allowed by Clients › DELETE /clients/{clientid}')
  await expect(tester(page).getByRole('button', { name: 'Check' })).toBeFocused()
})

test('The chart is read off by keyboard alone', async ({ page, makeKey }) => {
  await useAndOpen(page, 'fleet-tracking', await makeKey('fleet-tracking', watched))
  const chart = page.getByRole('slider', { name: 'Calls by hour' })
  await expect(chart).toBeVisible(RECORDED)
  await tabTo(page, chart)
  await expect(part(page, 'Usage')).toContainText(/to \d\d:00\s*2 allowed\s*1 refused/)
  await page.keyboard.press('ArrowLeft')
  await expect(chart).toHaveAttribute('aria-valuetext', /: 0 allowed, 0 refused, 0 failed$/)
  await page.keyboard.press('Escape')
  await expect(part(page, 'Usage')).toContainText('The last 7 days')
})

test('An address without a key says so and leads to the deployment', async ({ page }) => {
  await page.goto('/deployments/plant-telemetry/api-keys/k00000000000')
  await expect(page.getByRole('heading', { name: 'There is no such API key' })).toBeVisible()
  await page.getByRole('link', { name: /^Go to plant-telemetry/ }).click()
  await expect(page.getByRole('heading', { name: 'Deployment API Key' })).toBeVisible()
})
