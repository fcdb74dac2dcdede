import { expect, type Page } from '@playwright/test'
import { test } from './support/fixtures.ts'
import { callApi, createKey, keyRow, openDeployment, operationBox } from './support/keys.ts'

const KEY_ACTIONS = /^Actions for k[0-9a-f]{11}$/

/** Opens a scenario and waits until the page has taken it from the address. */
async function openScenario(page: Page, address: string): Promise<void> {
  await page.goto(address)
  await expect(page.getByRole('button', { name: /^Scenario: / })).toBeVisible()
}

async function tryToCreate(page: Page, note: string) {
  await page.getByRole('button', { name: 'New API Key' }).click()
  const dialog = page.getByRole('dialog', { name: 'New API Key' })
  await dialog.getByLabel('Note').fill(note)
  await operationBox(dialog, 'GET /clients').check()
  await dialog.getByRole('button', { name: 'Confirm' }).click()
  return dialog
}

test('An empty Latchkey teaches what to do first', async ({ page }) => {
  await openScenario(page, '/?scenario=empty')
  await expect(page.getByText('No deployments yet')).toBeVisible()
  await page.getByRole('button', { name: 'Add deployment' }).click()
  const dialog = page.getByRole('dialog', { name: 'Add deployment' })
  await dialog.getByLabel('Name').fill('Bottling')
  await dialog.getByRole('button', { name: 'Add deployment' }).click()
  await expect(page.getByRole('heading', { name: 'Bottling', level: 1 })).toBeVisible()
  await expect(page.getByText('No API keys yet')).toBeVisible()
})

test('An EMQX endpoint is refused in the demo, by its field', async ({ page }) => {
  await page.goto('/deployments')
  await page.getByRole('button', { name: 'Add deployment' }).click()
  const dialog = page.getByRole('dialog', { name: 'Add deployment' })
  await dialog.getByLabel('Name').fill('Real one')
  await dialog.getByRole('radio', { name: /EMQX endpoint/ }).check()
  await dialog.getByLabel('Address').fill('https://emqx.example:18084')
  await dialog.getByLabel('API key', { exact: true }).fill('latchkey')
  await dialog.getByLabel('Secret key').fill('secret')
  await dialog.getByRole('button', { name: 'Test and add' }).click()
  await expect(dialog.getByLabel('Address')).toHaveAccessibleDescription(/demo/)
})

test('Ten thousand keys are searched, sorted and paged', async ({ page }) => {
  await openScenario(page, '/?scenario=many-keys')
  await openDeployment(page, 'plant-telemetry')
  await expect(page.getByText('10,000').first()).toBeVisible()
  await expect(page.getByText('50 of 10,000 shown')).toBeVisible()
  const rows = page.getByRole('button', { name: KEY_ACTIONS })
  await expect(rows).toHaveCount(50)
  await page.getByRole('button', { name: 'Show more' }).click()
  await expect(page.getByText('250 of 10,000 shown')).toBeVisible()
  const last = page.locator('tr[aria-rowindex="251"]')
  await page.getByRole('button', { name: 'Show more' }).scrollIntoViewIfNeeded()
  await expect(last).toBeVisible()
  const action = last.getByRole('button', { name: KEY_ACTIONS })
  const appId = (await action.getAttribute('aria-label'))?.replace('Actions for ', '') ?? ''
  await page.getByRole('searchbox', { name: 'Search API keys' }).fill(appId)
  await expect(rows).toHaveCount(1)
  await expect(page).toHaveURL(new RegExp(appId))
  await page.reload()
  await expect(keyRow(page, appId)).toBeVisible()
  await page.getByRole('searchbox', { name: 'Search API keys' }).fill('')
  await page.getByRole('button', { name: 'App ID', exact: true }).click()
  await expect(page).toHaveURL(/sort=appId/)
  // Those in the order of before stay until the others are there.
  await expect(async () => {
    const appIds = await page.getByRole('link', { name: /^k[0-9a-f]{11}$/ }).allTextContents()
    expect(appIds).toHaveLength(50)
    expect(appIds).toEqual(appIds.toSorted())
  }).toPass()
})

test('A long table draws what is in sight, tells how long it is and keeps the focus', async ({
  page,
}) => {
  await openScenario(page, '/deployments/plant-telemetry?scenario=many-keys')
  for (const shown of [250, 450]) {
    await page.getByRole('button', { name: 'Show more' }).click()
    await expect(page.getByText(`${shown} of 10,000 shown`)).toBeVisible()
  }
  const table = page.getByRole('table')
  await expect(table).toHaveAttribute('aria-rowcount', '10001')
  await table.getByRole('columnheader', { name: 'App ID' }).scrollIntoViewIfNeeded()
  const third = table.locator('tr[aria-rowindex="4"]')
  const expand = third.getByRole('button', { name: /^View access of / })
  await expand.press('Enter')
  await expect(expand).toHaveAttribute('aria-expanded', 'true')
  await page.getByText('450 of 10,000 shown').scrollIntoViewIfNeeded()
  await expect(table.locator('tr[aria-rowindex="451"]')).toBeVisible()
  await expect(table.locator('tr[aria-rowindex="5"]')).toHaveCount(0)
  expect(await table.getByRole('row').count()).toBeLessThan(80)
  // Tab goes on from where the focus was left, though that is far out of sight.
  await expect(expand).toBeFocused()
  await page.keyboard.press('Tab')
  await expect(third.getByRole('link').first()).toBeFocused()
  await expect(table.locator('tr[aria-rowindex="5"]')).toBeVisible()
})

test('A failing store leaves what was typed, and a failed list offers a retry', async ({
  page,
}) => {
  await openScenario(page, '/?scenario=failing')
  await openDeployment(page, 'plant-telemetry')
  const dialog = await tryToCreate(page, 'Kept')
  await expect(dialog.getByRole('alert')).toBeVisible()
  await expect(dialog.getByLabel('Note')).toHaveValue('Kept')
  await expect(operationBox(dialog, 'GET /clients')).toBeChecked()
  await dialog.getByRole('button', { name: 'Cancel' }).click()

  await page.goto('/deployments/grid-metering')
  await expect(page.getByText('The API keys didn’t load')).toBeVisible()
  await expect(page.getByRole('button', { name: /again|Retry/ })).toBeVisible()
  await page.goto('/deployments/fleet-tracking')
  await expect(page.getByText(/reach/).first()).toBeVisible()
})

test('A page that can’t be fetched leaves the others, and can be tried again', async ({ page }) => {
  let isAway = true
  await page.route('**/activity-page-*.js', (route) => (isAway ? route.abort() : route.continue()))
  await page.goto('/deployments')
  const pages = page.getByRole('navigation', { name: 'Main' })
  await pages.getByRole('link', { name: 'Activity' }).click()
  const main = page.getByRole('main')
  await expect(main.getByRole('heading', { name: 'The page didn’t load' })).toBeVisible()
  await pages.getByRole('link', { name: 'Deployments' }).click()
  await expect(page.getByRole('heading', { name: 'Deployments', level: 1 })).toBeVisible()
  await pages.getByRole('link', { name: 'Activity' }).click()
  await expect(main.getByRole('heading', { name: 'The page didn’t load' })).toBeVisible()
  isAway = false
  await main.getByRole('button', { name: 'Try again' }).click()
  await expect(page.getByRole('heading', { name: 'Activity', level: 1 })).toBeVisible()
})

test('Slow answers show that they are on their way', async ({ page }) => {
  await openScenario(page, '/deployments/plant-telemetry?scenario=slow')
  await expect(page.locator('[aria-busy=true]').first()).toBeVisible()
  await expect(page.getByRole('button', { name: KEY_ACTIONS }).first()).toBeVisible({
    timeout: 30_000,
  })
})

test('Sentinel notes make a request fail where it was typed', async ({ page }) => {
  await openDeployment(page, 'plant-telemetry')
  const dialog = await tryToCreate(page, 'fail:422')
  await expect(dialog.getByLabel('Note')).toHaveAccessibleDescription(/refuse/)
  await dialog.getByLabel('Note').fill('fail:500')
  await dialog.getByRole('button', { name: 'Confirm' }).click()
  await expect(dialog.getByRole('alert')).toContainText('500')
  await dialog.getByRole('button', { name: 'Cancel' }).click()
})

test('What was made survives a reload and goes with a reset', async ({ page }) => {
  await openDeployment(page, 'plant-telemetry')
  const { appId } = await createKey(page, { note: 'Kept', operations: ['GET /clients'] })
  await page.reload()
  await expect(keyRow(page, appId)).toBeVisible()
  await page.getByRole('button', { name: 'Reset demo' }).click()
  await page.waitForURL(/./)
  await openDeployment(page, 'plant-telemetry')
  await expect(page.getByRole('button', { name: KEY_ACTIONS }).first()).toBeVisible()
  await expect(keyRow(page, appId)).toHaveCount(0)
})

test('What was made survives the browser stopping the worker, however many demos were opened meanwhile', async ({
  page,
}) => {
  // More than are kept of those that no tab uses.
  const openOthers = async () => {
    for (let count = 0; count < 9; count += 1) {
      const other = await page.context().newPage()
      await other.goto('/?scenario=empty')
      await other.getByText('No deployments yet').waitFor()
      await other.close()
    }
  }
  const stopWorker = async () => {
    const browser = await page.context().newCDPSession(page)
    await browser.send('ServiceWorker.enable')
    await browser.send('ServiceWorker.stopAllWorkers')
    await browser.detach()
  }
  await openDeployment(page, 'plant-telemetry')
  const keys = []
  for (const note of ['Before the first stop', 'Before the second stop']) {
    keys.push(await createKey(page, { note, operations: ['GET /clients'] }))
    if (keys.length === 1) await openOthers()
    else await stopWorker()
    await page.reload()
    for (const { appId } of keys) await expect(keyRow(page, appId)).toBeVisible()
  }
  for (const credentials of keys) {
    expect((await callApi(page, 'GET /clients', credentials)).status).toBe(200)
    expect((await callApi(page, 'GET /subscriptions', credentials)).status).toBe(403)
  }
})
