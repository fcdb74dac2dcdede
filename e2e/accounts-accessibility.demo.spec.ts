import { expect } from '@playwright/test'
import { expectAccessible, narrow } from './support/accessibility.ts'
import { test } from './support/fixtures.ts'
import { chooseAction, openDeployment } from './support/keys.ts'
import { tokenDialog } from './support/tokens.ts'

test.use(narrow)

test('Users and their dialogs are accessible', async ({ page }) => {
  await page.goto('/users')
  const actions = page.getByRole('button', { name: 'Actions for ines.moreau' })
  await expectAccessible(page, 'list with menu', () => actions.click())
  await actions.click()
  await page.getByRole('menuitem', { name: 'Change role' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toBeVisible()
  await expectAccessible(page, 'change role')
  await dialog.getByRole('radio', { name: /^Viewer/ }).check()
  await dialog.getByRole('button', { name: 'Change role' }).click()
  await expect(dialog.getByRole('alert')).toContainText('last administrator')
  await expectAccessible(page, 'the last administrator')
  await dialog.getByRole('button', { name: 'Cancel' }).click()

  await page.getByRole('button', { name: 'Add user' }).click()
  await dialog.getByRole('button', { name: 'Add user' }).click()
  await expect(dialog.getByText('Give the user a name to sign in with.')).toBeVisible()
  await expectAccessible(page, 'add with field errors')
  await dialog.getByRole('button', { name: 'Show password' }).click()
  await expectAccessible(page, 'add with the password shown')
  await dialog.getByRole('button', { name: 'Cancel' }).click()

  await page.getByRole('button', { name: 'Actions for jonas.weber' }).click()
  await page.getByRole('menuitem', { name: 'Set new password' }).click()
  await expect(dialog).toBeVisible()
  await expectAccessible(page, 'set new password')
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await page.getByRole('button', { name: 'Actions for ines.moreau' }).click()
  await page.getByRole('menuitem', { name: 'Remove' }).click()
  const question = page.getByRole('alertdialog')
  await question.getByRole('button', { name: 'Remove user' }).click()
  await expect(question.getByRole('alert')).toContainText('last administrator')
  await expectAccessible(page, 'remove')
})

test('Automation tokens and their dialogs are accessible', async ({ page }) => {
  await page.goto('/tokens')
  await expect(page.getByText('Expired', { exact: true })).toBeVisible()
  await expectAccessible(page, 'list')
  await page.getByRole('button', { name: 'New token' }).click()
  const form = page.getByRole('dialog', { name: 'New token' })
  await form.getByLabel('Expires').selectOption('At a date and time…')
  await form.getByRole('button', { name: 'Create token' }).click()
  await expect(form.getByText('Give the token a name.')).toBeVisible()
  await expectAccessible(page, 'new with field errors')
  await form.getByLabel('Name').fill('Accessible')
  await form.getByLabel('Expires').selectOption('Never')
  await form.getByRole('button', { name: 'Create token' }).click()
  await expect(tokenDialog(page)).toBeVisible()
  await expectAccessible(page, 'created')
  await page.keyboard.press('Escape')
  await expectAccessible(page, 'close without copying')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Actions for Accessible' }).click()
  await page.getByRole('menuitem', { name: 'Delete' }).click()
  await expect(page.getByRole('alertdialog')).toBeVisible()
  await expectAccessible(page, 'delete')
})

test('Activity is accessible, all of it and a key’s own', async ({ page }) => {
  await page.goto('/activity')
  await page
    .getByRole('button', { name: /^Changes: .*API key/ })
    .first()
    .click()
  await page
    .getByRole('button', { name: /ago$|^Just now$/ })
    .first()
    .focus()
  await expectAccessible(page, 'list with changes')
  await page.getByRole('combobox', { name: 'Time' }).selectOption('Between dates…')
  await expect(page.getByLabel('First day')).toBeVisible()
  await expectAccessible(page, 'between dates')
  await page.getByRole('searchbox', { name: 'Search activity' }).fill('no such thing')
  await expect(page.getByText('Nothing matches')).toBeVisible()
  await expectAccessible(page, 'no match')
  await page.goto('/activity?deploymentId=plant-telemetry&appId=k00000000000')
  await expect(page.getByText('Nothing is on record for this key')).toBeVisible()
  await expectAccessible(page, 'a key without history')
})

test('Disabling a key and the account menu are accessible', async ({ page }) => {
  await openDeployment(page, 'plant-telemetry')
  const actions = page.getByRole('button', { name: /^Actions for k/ }).first()
  const appId = (await actions.getAttribute('aria-label'))?.replace('Actions for ', '') ?? ''
  await chooseAction(page, appId, 'Disable')
  await expect(page.getByRole('alertdialog', { name: 'Disable API Key' })).toBeVisible()
  await expectAccessible(page, 'disable')
  await page.getByRole('alertdialog').getByRole('button', { name: 'Disable' }).click()
  await expect(page.getByText(`${appId} is disabled.`)).toBeVisible()
  await expectAccessible(page, 'disabled')
  await page.getByRole('button', { name: 'Account of demo' }).click()
  await expect(page.getByText('whoever opens it may do everything')).toBeVisible()
  await expect(
    page.getByRole('menuitem', { name: 'Sign out', exact: true }),
  ).toHaveAccessibleDescription('The demo has no sign-in.')
  await expectAccessible(page, 'account')
})
