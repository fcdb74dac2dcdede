import { expect } from '@playwright/test'
import { expectAccessible, narrow } from './support/accessibility.ts'
import { test } from './support/fixtures.ts'
import {
  chooseAction,
  closeResult,
  createKey,
  deleteKey,
  openDeployment,
  operationBox,
  resultDialog,
} from './support/keys.ts'

test.use(narrow)

test('Deployments and their dialogs are accessible', async ({ page }) => {
  await page.goto('/deployments')
  await page.getByRole('link', { name: 'plant-telemetry', exact: true }).waitFor()
  await expectAccessible(page, 'list')

  await page.getByRole('button', { name: 'Add deployment' }).click()
  const add = page.getByRole('dialog', { name: 'Add deployment' })
  await expect(add).toBeVisible()
  await expectAccessible(page, 'add')
  await add.getByRole('radio', { name: /EMQX endpoint/ }).check()
  const name = add.getByRole('textbox', { name: 'Name' })
  await name.evaluate((field) => field.scrollIntoView({ block: 'start' }))
  await add.getByRole('button', { name: 'Test and add' }).click()
  // Whoever is led to a field sees what it is called.
  await expect(name).toBeFocused()
  await expect(add.getByText('Name', { exact: true })).toBeInViewport({ ratio: 1 })
  await expect(add.getByText('Give the deployment a name.')).toBeVisible()
  await expectAccessible(page, 'add with field errors')
  await add.getByRole('button', { name: 'Cancel' }).click()

  await page.getByRole('searchbox').fill('no such deployment')
  await expect(page.getByText('No deployment matches')).toBeVisible()
  await expectAccessible(page, 'no match')
  await page.getByRole('button', { name: 'Clear search' }).first().click()

  await page
    .getByRole('button', { name: /plant-telemetry/ })
    .first()
    .click()
  await page.getByRole('menuitem', { name: /Remove/ }).click()
  await expect(page.getByRole('alertdialog')).toBeVisible()
  await expectAccessible(page, 'remove')

  await page.goto('/deployments/nowhere')
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await expectAccessible(page, 'no such deployment')
  await page.goto('/nowhere')
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await expectAccessible(page, 'no such page')
})

test('The overview and the dialogs of a key are accessible', async ({ page }) => {
  await openDeployment(page, 'grid-metering')
  await expectAccessible(page, 'overview')

  await page.getByRole('button', { name: 'New API Key' }).click()
  const form = page.getByRole('dialog', { name: 'New API Key' })
  await expect(form.getByRole('checkbox').first()).toBeVisible()
  await expectAccessible(page, 'new')
  await form.getByRole('searchbox').fill('sub')
  await form.getByRole('button', { name: 'POST', exact: true }).click()
  await operationBox(form, 'POST /clients/{clientid}/subscribe').check()
  await expectAccessible(page, 'new with filter')
  await page.keyboard.press('Escape')
  await expect(form.getByText('Discard changes?')).toBeVisible()
  await expectAccessible(page, 'discard')
  await form.getByRole('button', { name: 'Keep editing' }).click()
  await form.getByRole('radio', { name: /Full access/ }).check()
  await expectAccessible(page, 'full access')
  await form.getByRole('button', { name: 'Cancel' }).click()
  await expect(form).toBeHidden()

  const { appId } = await createKey(page, { note: 'Accessible', operations: ['POST /publish'] })
  await page.getByRole('button', { name: `View access of ${appId}` }).click()
  await expectAccessible(page, 'expanded key')
  await chooseAction(page, appId, 'Duplicate')
  await form.getByRole('button', { name: 'Confirm' }).click()
  await expect(resultDialog(page)).toBeVisible()
  await expectAccessible(page, 'created')
  const copy = await resultDialog(page).getByRole('textbox', { name: 'App ID' }).textContent()
  await resultDialog(page).getByRole('button', { name: 'Close', exact: true }).click()
  await expectAccessible(page, 'close without copying')
  await resultDialog(page).getByRole('button', { name: 'Close without copying' }).click()

  await chooseAction(page, appId, 'Delete')
  await expectAccessible(page, 'delete')
  await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel' }).click()
  await deleteKey(page, appId)
  await deleteKey(page, copy ?? '')
})

test('Serverless and v4 with legacy keys are accessible', async ({ page }) => {
  await openDeployment(page, 'ferry-signals')
  await page
    .getByRole('button', { name: /^View access of / })
    .first()
    .click()
  await expectAccessible(page, 'v4')
  await openDeployment(page, 'home-sensors')
  const keys = page.getByRole('button', { name: /^Actions for k/ })
  await expect(keys).toHaveCount(2)
  // However quickly it is pressed again, one key is made.
  await page.getByRole('button', { name: 'New API Key' }).dblclick()
  const appId = await resultDialog(page).getByRole('textbox', { name: 'App ID' }).textContent()
  await closeResult(page)
  await expect(keys).toHaveCount(3)
  await expectAccessible(page, 'Serverless')
  await deleteKey(page, appId ?? '')
})
