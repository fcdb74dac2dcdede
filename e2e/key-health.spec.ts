import { expect } from '@playwright/test'
import { test } from './support/fixtures.ts'
import { callApi, keyRow, openDeployment } from './support/keys.ts'

test('Key health filters the table by what asks for attention, and offers the fix', async ({
  page,
  makeKey,
}) => {
  await makeKey('plant-telemetry', { note: 'Anything goes' })
  const operations = ['GET /clients']
  const { appId } = await makeKey('plant-telemetry', { note: 'For ever', operations })
  await openDeployment(page, 'plant-telemetry')
  const health = page.getByRole('list', { name: 'Key health' })
  const endless = health.getByRole('button', { name: /never expires?$/ })
  await endless.click()
  await expect(page).toHaveURL(/condition=neverExpires/)
  await expect(endless).toHaveAttribute('aria-pressed', 'true')
  await expect(health.getByRole('button', { name: /^0 / })).toHaveCount(0)
  await expect(keyRow(page, appId)).toBeVisible()

  await page.getByRole('button', { name: `Set expiry… ${appId}` }).click()
  const dialog = page.getByRole('dialog', { name: 'Edit API Key' })
  await expect(dialog.getByLabel('Expires')).toBeFocused()
  await dialog.getByLabel('Expires').selectOption('In 30 days')
  await dialog.getByRole('button', { name: 'Confirm' }).click()
  // The key is out of the list, and with it the button that had the focus.
  await expect(keyRow(page, appId)).toHaveCount(0)
  await expect(page.getByRole('heading', { name: 'Deployment API Key' })).toBeFocused()

  await health.getByRole('button', { name: /with full access$/ }).click()
  await expect(page).toHaveURL(/condition=fullAccess/)
  const unlimited = page.getByRole('row').filter({ hasText: 'Anything goes' })
  await expect(unlimited.getByRole('button', { name: /^Narrow…/ })).toBeVisible()
  await expect(keyRow(page, appId)).toHaveCount(0)
  await page.goBack()
  await expect(unlimited.getByRole('button', { name: /^Set expiry…/ })).toBeVisible()
  await page.reload()
  await expect(endless).toHaveAttribute('aria-pressed', 'true')
  await page.getByRole('button', { name: 'Show all keys' }).click()
  await expect(page).not.toHaveURL(/condition/)
})

test('Credentials that were refused are grouped below the keys, and lead to theirs', async ({
  page,
  makeKey,
}) => {
  const operations = ['GET /clients']
  const { appId } = await makeKey('fleet-tracking', { note: 'Guessed', operations })
  await openDeployment(page, 'fleet-tracking')
  const wrong = { appId, appSecret: `lks_${'x'.repeat(40)}` }
  expect((await callApi(page, 'GET /clients', wrong)).status).toBe(401)
  expect((await callApi(page, 'GET /clients', { ...wrong, appId: 'k00000000000' })).status).toBe(
    401,
  )

  const secrets = page.getByRole('region', { name: /^Wrong secret/ })
  const unknown = page.getByRole('region', { name: /^Unknown App ID/ })
  // What was counted is stored within seconds, one of them perhaps before the other.
  await expect(async () => {
    await page.reload()
    await page.getByText('Refused credentials').click({ timeout: 4000 })
    await expect(secrets.getByRole('link', { name: appId })).toBeVisible({ timeout: 1000 })
    const made = unknown.getByRole('listitem').filter({ hasText: 'k00000000000' })
    await expect(made).toBeVisible({ timeout: 1000 })
  }).toPass({ timeout: 40_000 })
  await expect(unknown.getByRole('link', { name: 'k00000000000' })).toHaveCount(0)
})
