import { expect, type Page } from '@playwright/test'
import { expectAccessible, narrow } from './support/accessibility.ts'
import { test } from './support/fixtures.ts'
import { chooseAction, closeResult, openDeployment, resultDialog } from './support/keys.ts'

/** Opens the deployment with the sample key that is in use around the clock; gives its App ID. */
async function openBusyKey(page: Page): Promise<string> {
  await openDeployment(page, 'plant-telemetry')
  await page.getByRole('searchbox').first().fill('Grafana')
  const actions = page.getByRole('button', { name: /^Actions for k[0-9a-f]{11}$/ })
  await expect(actions).toHaveCount(1)
  return /k[0-9a-f]{11}/.exec((await actions.getAttribute('aria-label')) ?? '')?.[0] ?? ''
}

test.use(narrow)

test('Limits and use in the dialogs are accessible', async ({ page }) => {
  const appId = await openBusyKey(page)
  await chooseAction(page, appId, 'Edit')
  const edit = page.getByRole('dialog', { name: 'Edit API Key' })
  await edit.getByRole('button', { name: 'Keep only used' }).click()
  await expectAccessible(page, 'trimmed')
  await edit.getByRole('button', { name: /^Limits/ }).click()
  await edit.getByLabel('Expires').selectOption('At a date and time…')
  await edit.getByLabel('Allowed addresses').fill('10.0.0.0/33\nhost')
  await expect(edit.getByText('Choose a date and a time.')).toBeVisible()
  await expectAccessible(page, 'limits with errors')
  await edit.getByLabel('Allowed addresses').fill('10.0.0.0/8')
  await expect(edit.getByText(/would be refused/)).toBeVisible()
  await expectAccessible(page, 'limits with a warning')
  await edit.getByRole('button', { name: 'Cancel' }).click()

  await openDeployment(page, 'home-sensors')
  await page.getByRole('button', { name: 'New API Key' }).click()
  const text = await resultDialog(page).getByRole('textbox', { name: 'App ID' }).textContent()
  await closeResult(page)
  await chooseAction(page, text ?? '', 'Expiry and addresses')
  await expect(page.getByRole('dialog', { name: 'Expiry and Addresses' })).toBeVisible()
  await expectAccessible(page, 'limits alone')
})

test('Rotation and deletion are accessible', async ({ page }) => {
  const appId = await openBusyKey(page)
  await chooseAction(page, appId, 'Rotate')
  const rotate = page.getByRole('dialog', { name: 'Rotate App Secret' })
  await expectAccessible(page, 'rotate')
  await rotate.getByRole('button', { name: 'Rotate', exact: true }).click()
  const rotated = page.getByRole('dialog', { name: 'Secret Rotated' })
  await expect(rotated).toBeVisible()
  await expectAccessible(page, 'rotated')
  await closeResult(page, rotated)
  await page.getByRole('button', { name: /^End now/ }).click()
  await expect(page.getByRole('alertdialog', { name: 'End Old Secret' })).toBeVisible()
  await expectAccessible(page, 'end old secret')
  await page.getByRole('button', { name: 'Cancel' }).click()

  await chooseAction(page, appId, 'Delete')
  await expect(page.getByRole('button', { name: 'Disable first' })).toBeVisible()
  await expect(page.getByText(/calls from/)).toBeVisible()
  await expectAccessible(page, 'delete a key in use')
  await page.getByRole('button', { name: 'Disable first' }).click()
  await expect(page.getByRole('button', { name: 'Keep it disabled' })).toBeVisible()
  await expectAccessible(page, 'disabled first')
  await page.getByRole('button', { name: 'Keep it disabled' }).click()
})
