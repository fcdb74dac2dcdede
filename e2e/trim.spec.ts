import { expect, type Page } from '@playwright/test'
import { fetchInPage } from './support/fetch-in-page.ts'
import { test } from './support/fixtures.ts'
import { callApi, chooseAction, keyRow, openDeployment, operationBox } from './support/keys.ts'

/** Waits until the use of a key is in its record, which takes a few seconds. */
async function recordShows(page: Page, deployment: string, appId: string): Promise<void> {
  const path = `/api/v1/deployments/${deployment}/api-keys/${appId}/usage?days=90`
  const read = async () => (await fetchInPage(page, 'GET', path)).text
  await expect.poll(read, { timeout: 20_000 }).toContain('GET /clients')
}

test('A key is trimmed to what it was used for, by people and not by itself', async ({
  page,
  makeKey,
}) => {
  const operations = ['GET /clients', 'GET /subscriptions', 'POST /publish']
  const key = await makeKey('grid-metering', { note: 'Too much', operations })
  await openDeployment(page, 'grid-metering')
  expect((await callApi(page, 'GET /clients', key)).status).toBe(200)
  await recordShows(page, 'grid-metering', key.appId)

  await chooseAction(page, key.appId, 'Edit')
  const dialog = page.getByRole('dialog', { name: 'Edit API Key' })
  await expect(operationBox(dialog, 'GET /clients')).toHaveAccessibleDescription(/last used/)
  await expect(operationBox(dialog, 'POST /publish')).toHaveAccessibleDescription(/not used yet/)
  await expect(dialog.getByText('1 of 3 used in less than a day of record.')).toBeVisible()
  await expect(dialog.getByText(/That is little to go by/)).toBeVisible()
  await dialog.getByRole('button', { name: 'Keep only used' }).click()
  await expect(dialog.getByText('−2 removed')).toBeVisible()
  await dialog.getByRole('button', { name: 'Undo', exact: true }).click()
  await expect(operationBox(dialog, 'POST /publish')).toBeChecked()
  await dialog.getByRole('button', { name: 'Keep only used' }).click()
  // Nothing is taken away before it is confirmed.
  expect((await callApi(page, 'GET /subscriptions', key)).status).toBe(200)
  await dialog.getByRole('button', { name: 'Confirm' }).click()
  await expect(dialog).toBeHidden()
  expect((await callApi(page, 'GET /subscriptions', key)).status).toBe(403)
  await expect(keyRow(page, key.appId)).toContainText('1 of 77 endpoints')
})

test('A short list that holds a right to undo limits says so, before and after', async ({
  page,
  makeKey,
}) => {
  const small = { note: 'A small list, a long note. '.repeat(7), operations: ['PUT /rules/{id}'] }
  const { appId } = await makeKey('plant-telemetry', small)
  await openDeployment(page, 'plant-telemetry')
  await page.getByRole('button', { name: 'New API Key' }).click()
  const dialog = page.getByRole('dialog', { name: 'New API Key' })
  await operationBox(dialog, 'GET /clients').check()
  await expect(dialog.getByText('Read only')).toBeVisible()
  await operationBox(dialog, 'DELETE /schema_registry/{name}').check()
  await expect(dialog.getByText('Can write')).toBeVisible()
  await operationBox(dialog, 'PUT /rules/{id}').check()
  await dialog
    .getByRole('button', { name: 'Only 3 endpoints, yet 1 can undo other limits' })
    .click()
  const shown = dialog.getByText(/^Can run code on every message/).filter({ visible: true })
  await expect(shown).toHaveCount(1)
  await dialog.getByRole('button', { name: 'Cancel' }).click()

  // A long note takes two lines, and all that it needs once its row is opened.
  const height = async () => (await keyRow(page, appId).first().boundingBox())?.height ?? 0
  expect(await height()).toBeLessThan(60)
  await page.getByRole('button', { name: `View access of ${appId}` }).click()
  await expect.poll(height).toBeGreaterThan(80)
  await expect(page.getByText('Can undo limits')).toBeVisible()
  await page.getByText('Only 1 endpoint, and it can undo other limits').click()
  await expect(page.getByText(/^PUT \/rules\/\{id\} Can run code/)).toBeVisible()
})

test('A key in use is disabled before it is deleted', async ({ page, makeKey }) => {
  const operations = ['GET /clients']
  const key = await makeKey('plant-telemetry', { note: 'Still in use', operations })
  await openDeployment(page, 'plant-telemetry')
  expect((await callApi(page, 'GET /clients', key)).status).toBe(200)
  await recordShows(page, 'plant-telemetry', key.appId)
  await page.reload()
  await chooseAction(page, key.appId, 'Delete')
  const dialog = page.getByRole('alertdialog', { name: 'Delete API Key' })
  await expect(dialog.getByRole('button', { name: 'Cancel' })).toBeFocused()
  await expect(dialog.getByText(/^1 call from \S+$/)).toBeVisible()
  await expect(dialog.getByRole('button', { name: 'Delete', exact: true })).toBeVisible()
  await dialog.getByRole('button', { name: 'Disable first' }).click()
  await expect(dialog.getByRole('button', { name: 'Keep it disabled' })).toBeFocused()
  expect((await callApi(page, 'GET /clients', key)).status).toBe(401)
  await dialog.getByRole('button', { name: 'Delete', exact: true }).click()
  await expect(dialog).toBeHidden()
  await expect(keyRow(page, key.appId)).toHaveCount(0)
})
