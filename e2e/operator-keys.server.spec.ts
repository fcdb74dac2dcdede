import { expect } from '@playwright/test'
import { addPerson, becomeSignedIn } from './support/accounts.ts'
import { test } from './support/fixtures.ts'
import { callApi, chooseAction, openDeployment, takeDown } from './support/keys.ts'

test('An operator rotates a key and ends its old secret, but changes no limits', async ({
  context: admin,
  newVisitor,
  makeKey,
}) => {
  const old = await makeKey('plant-telemetry', { note: 'On call', operations: ['GET /clients'] })
  const operator = await newVisitor()
  await becomeSignedIn(operator.context(), await addPerson(admin, 'operator'))
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
})
