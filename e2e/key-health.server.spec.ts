import { expect } from '@playwright/test'
import { fetchInPage } from './support/fetch-in-page.ts'
import { callApi, createKey, deleteKey, keyRow, openDeployment } from './support/keys.ts'
import { test } from './support/story.ts'

test('Key health filters the table by what asks for attention, and offers the fix', async ({
  page,
}) => {
  await openDeployment(page, 'plant-telemetry')
  const keys = '/api/v1/deployments/plant-telemetry/api-keys'
  const made = await fetchInPage(page, 'POST', keys, {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ note: 'Anything goes', access: { mode: 'full' } }),
  })
  expect(made.status).toBe(201)
  const { appId } = await createKey(page, { note: 'For ever', operations: ['GET /clients'] })
  const health = page.getByRole('list', { name: 'Key health' })
  await expect(health.getByRole('button', { name: /^0 / })).toHaveCount(0)
  const endless = health.getByRole('button', { name: /never expires?$/ })
  await endless.click()
  await expect(page).toHaveURL(/condition=neverExpires/)
  await expect(endless).toHaveAttribute('aria-pressed', 'true')
  await expect(keyRow(page, appId)).toBeVisible()

  await page.getByRole('button', { name: `Set expiry… ${appId}` }).click()
  const dialog = page.getByRole('dialog', { name: 'Edit API Key' })
  await expect(dialog).toBeVisible()
  await dialog.getByRole('button', { name: 'Cancel' }).click()

  await health.getByRole('button', { name: /with full access$/ }).click()
  await expect(page).toHaveURL(/condition=fullAccess/)
  const unlimited = page.getByRole('row').filter({ hasText: 'Anything goes' })
  await expect(unlimited.getByRole('button', { name: /^Narrow…/ })).toBeVisible()
  await expect(keyRow(page, appId)).toHaveCount(0)
  await page.goBack()
  await expect(keyRow(page, appId)).toBeVisible()
  await page.reload()
  await expect(endless).toHaveAttribute('aria-pressed', 'true')
  await page.getByRole('button', { name: 'Show all keys' }).click()
  await expect(page).not.toHaveURL(/condition/)
  await deleteKey(page, appId)
  const link = unlimited.getByRole('link', { name: /^k[0-9a-f]{11}$/ })
  await deleteKey(page, (await link.textContent()) ?? '')
})

test('Credentials that were refused are grouped below the keys, and lead to theirs', async ({
  page,
}) => {
  await openDeployment(page, 'fleet-tracking')
  const { appId } = await createKey(page, { note: 'Guessed', operations: ['GET /clients'] })
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
  await deleteKey(page, appId)
})
