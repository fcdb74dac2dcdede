import { expect } from '@playwright/test'
import { fetchInPage } from './support/fetch-in-page.ts'
import { test } from './support/fixtures.ts'
import {
  callApi,
  chooseAction,
  keyRow,
  openDeployment,
  operationBox,
  takeDown,
} from './support/keys.ts'

test('A new key takes an expiry and addresses, and says so before it is saved', async ({
  page,
}) => {
  await openDeployment(page, 'plant-telemetry')
  await page.getByRole('button', { name: 'New API Key' }).click()
  const dialog = page.getByRole('dialog', { name: 'New API Key' })
  await dialog.getByLabel('Note').fill('For a month')
  const limits = dialog.getByRole('button', { name: /^Limits/ })
  await expect(limits).toHaveText(/Never expires · from any address/)
  await limits.click()
  await dialog.getByLabel('Expires').selectOption('In 30 days')
  await expect(limits).toHaveText(/Expires \d+ \w+ \d{4}, \d\d:\d\d \S+ · from any address/)
  await operationBox(dialog, 'GET /clients').check()
  await dialog.getByRole('button', { name: 'Confirm' }).click()
  const key = await takeDown(page)
  const path = `/api/v1/deployments/plant-telemetry/api-keys/${key.appId}`
  const stored: { expiresAt: string } = JSON.parse((await fetchInPage(page, 'GET', path)).text)
  const days = (Date.parse(stored.expiresAt) - Date.now()) / 86_400_000
  expect(Math.round(days)).toBe(30)
})

test('A time that has passed is refused in words, and never is said outright', async ({
  page,
  makeKey,
}) => {
  const operations = ['GET /clients']
  const { appId } = await makeKey('fleet-tracking', { note: 'Over soon', operations })
  await openDeployment(page, 'fleet-tracking')
  await chooseAction(page, appId, 'Edit')
  const dialog = page.getByRole('dialog', { name: 'Edit API Key' })
  await dialog.getByRole('button', { name: /^Limits/ }).click()
  await dialog.getByLabel('Expires').selectOption('At a date and time…')
  await dialog.getByLabel('Date and time').fill('2020-02-24T14:00')
  await expect(dialog.getByText('This time has passed.')).toBeVisible()
  const confirm = dialog.getByRole('button', { name: 'Confirm' })
  await expect(confirm).toHaveAttribute('aria-disabled', 'true')
  await dialog.getByLabel('Date and time').fill('2090-02-24T14:00')
  await expect(dialog.getByText(/^expires 24 Feb 2090, 14:00 \S+$/)).toBeVisible()
  await confirm.click()
  await expect(dialog).toBeHidden()

  await chooseAction(page, appId, 'Edit')
  await dialog.getByRole('button', { name: /^Limits Expires 24 Feb 2090/ }).click()
  await dialog.getByLabel('Expires').selectOption('Never')
  await expect(dialog.getByText('never expires', { exact: true })).toBeVisible()
  await confirm.click()
  await expect(dialog).toBeHidden()
})

test('An expired key is refused, and opens again with a later expiry', async ({
  page,
  makeKey,
}) => {
  const key = await makeKey('grid-metering', { note: 'Ends', operations: ['GET /clients'] })
  await openDeployment(page, 'grid-metering')
  const path = `/api/v1/deployments/grid-metering/api-keys/${key.appId}`
  const expiresAt = new Date(Date.now() + 1500).toISOString()
  const { status } = await fetchInPage(page, 'PATCH', path, {
    headers: { 'content-type': 'application/json', 'if-match': '"1"' },
    body: JSON.stringify({ expiresAt }),
  })
  expect(status).toBe(200)
  const call = async () => (await callApi(page, 'GET /clients', key)).status
  await expect.poll(call).toBe(401)
  expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(expiresAt))
  await page.reload()
  await expect(keyRow(page, key.appId)).toContainText('Expired')

  await chooseAction(page, key.appId, 'Edit')
  const dialog = page.getByRole('dialog', { name: 'Edit API Key' })
  await dialog.getByRole('button', { name: /^Limits Expired/ }).click()
  await dialog.getByLabel('Expires').selectOption('In 90 days')
  await dialog.getByRole('button', { name: 'Confirm' }).click()
  await expect(dialog).toBeHidden()
  expect(await call()).toBe(200)
})

test('A key works from its addresses alone, and mine is one press away', async ({
  page,
  makeKey,
}) => {
  const key = await makeKey('fleet-tracking', { note: 'From home', operations: ['GET /clients'] })
  await openDeployment(page, 'fleet-tracking')
  const edit = page.getByRole('dialog', { name: 'Edit API Key' })
  const addresses = edit.getByLabel('Allowed addresses')
  async function openAddresses(): Promise<void> {
    await chooseAction(page, key.appId, 'Edit')
    await edit.getByRole('button', { name: /^Limits/ }).click()
  }

  await openAddresses()
  await addresses.fill('203.0.113.0/24\n2001:db8::/129')
  await expect(edit.getByText('has no prefix length from 0 to 128.')).toBeVisible()
  await addresses.fill('203.0.113.0/24\n2001:db8::/32')
  await expect(edit.getByText('from 2 addresses', { exact: true })).toBeVisible()
  await edit.getByRole('button', { name: 'Confirm' }).click()
  await expect(edit).toBeHidden()
  const refused = await callApi(page, 'GET /clients', key)
  expect(refused.status).toBe(403)

  await openAddresses()
  await edit.getByRole('button', { name: 'Add my address' }).click()
  await edit.getByRole('button', { name: 'Confirm' }).click()
  await expect(edit).toBeHidden()
  expect((await callApi(page, 'GET /clients', key)).status).toBe(200)

  // Once the use is recorded, taking that address out again warns.
  await expect
    .poll(
      async () => {
        const path = `/api/v1/deployments/fleet-tracking/api-keys/${key.appId}`
        return (await fetchInPage(page, 'GET', path)).text
      },
      { timeout: 20_000 },
    )
    .toContain('"kind":"used"')
  await page.reload()
  await openAddresses()
  await addresses.fill('203.0.113.0/24')
  await expect(edit.getByText(/used this key .* Its calls would be refused\./)).toBeVisible()
  await edit.getByRole('button', { name: 'Add it' }).click()
  await expect(edit.getByText(/would be refused/)).toBeHidden()
  await edit.getByRole('button', { name: 'Cancel' }).click()
})
