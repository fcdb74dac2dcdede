import { expect } from '@playwright/test'
import { pageAs } from './support/accounts.ts'
import {
  callApi,
  chooseAction,
  createKey,
  deleteKey,
  openDeployment,
  takeDown,
} from './support/keys.ts'
import { test } from './support/story.ts'

test('An operator rotates a key and ends its old secret, but changes no limits', async ({
  page,
  browser,
}) => {
  await openDeployment(page, 'plant-telemetry')
  const old = await createKey(page, { note: 'On call', operations: ['GET /clients'] })
  const operator = await pageAs(browser, page, 'operator')
  await openDeployment(operator, 'plant-telemetry')
  await chooseAction(operator, old.appId, 'Rotate')
  const dialog = operator.getByRole('dialog', { name: 'Rotate App Secret' })
  await dialog.getByRole('button', { name: 'Rotate', exact: true }).click()
  const renewed = await takeDown(operator, operator.getByRole('dialog', { name: 'Secret Rotated' }))
  await operator.getByRole('button', { name: new RegExp(`^End now.*${old.appId}`) }).click()
  await operator.getByRole('alertdialog').getByRole('button', { name: 'End now' }).click()
  await expect(operator.getByRole('alertdialog')).toBeHidden()
  expect((await callApi(operator, 'GET /clients', old)).status).toBe(401)
  expect((await callApi(operator, 'GET /clients', renewed)).status).toBe(200)

  await chooseAction(operator, old.appId, 'Edit')
  const edit = operator.getByRole('dialog', { name: 'Edit API Key' })
  await expect(edit.getByText('Never expires · from any address')).toBeVisible()
  await expect(edit.getByText('Only administrators may change limits.')).toBeVisible()
  await expect(edit.getByRole('button', { name: /^Limits/ })).toHaveCount(0)
  await operator.context().close()
  await page.reload()
  await deleteKey(page, old.appId)
})
