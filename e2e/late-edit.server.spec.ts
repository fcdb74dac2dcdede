import { expect } from '@playwright/test'
import { fetchInPage } from './support/fetch-in-page.ts'
import { test } from './support/fixtures.ts'
import { chooseAction, keyRow, openDeployment, operationBox } from './support/keys.ts'

test('An edit that comes too late loses nothing that was typed', async ({ page, makeKey }) => {
  const operations = ['GET /clients', 'GET /rules']
  const key = await makeKey('fleet-tracking', { note: 'Shared', operations })
  await openDeployment(page, 'fleet-tracking')
  await chooseAction(page, key.appId, 'Edit')
  const dialog = page.getByRole('dialog', { name: 'Edit API Key' })
  await dialog.getByLabel('Note').fill('Mine')
  await operationBox(dialog, 'POST /publish').check()

  const path = `/api/v1/deployments/fleet-tracking/api-keys/${key.appId}`
  const theirs = await fetchInPage(page, 'PATCH', path, {
    headers: { 'content-type': 'application/json', 'if-match': '"1"' },
    body: JSON.stringify({ access: { mode: 'list', operations: ['GET /clients'] } }),
  })
  expect(theirs.status).toBe(200)

  await dialog.getByRole('button', { name: 'Confirm' }).click()
  await dialog.getByRole('button', { name: 'Load current version' }).click()
  await expect(dialog.getByLabel('Note')).toHaveValue('Mine')
  await expect(operationBox(dialog, 'POST /publish')).toBeChecked()
  await expect(operationBox(dialog, 'GET /rules')).not.toBeChecked()
  await dialog.getByRole('button', { name: 'Confirm' }).click()
  await expect(dialog).toBeHidden()
  await expect(keyRow(page, key.appId)).toContainText('Mine')
  await expect(keyRow(page, key.appId)).toContainText('2 of 77 endpoints')
})

test('A legacy key is replaced, and the old one goes once the new one is there', async ({
  page,
}) => {
  await openDeployment(page, 'ferry-signals')
  const replace = page.getByRole('button', { name: /^Replace/ }).first()
  await replace.click()
  const dialog = page.getByRole('dialog', { name: 'New API Key' })
  await expect(dialog.getByText(/takes the place of k/)).toBeVisible()
  const old = /k[0-9a-f]{11}/.exec((await dialog.textContent()) ?? '')?.[0] ?? ''
  await dialog.getByLabel('Note').fill('Ferry display')
  await dialog.getByRole('radio', { name: 'Chosen endpoints' }).check()
  await operationBox(dialog, 'GET /clients').check()
  await dialog.getByRole('button', { name: 'Confirm' }).click()
  const result = page.getByRole('dialog', { name: 'API Key Created' })
  await expect(result).toBeVisible()
  await page.keyboard.press('Escape')
  await page.keyboard.press('Escape')
  const question = page.getByRole('alertdialog')
  await expect(question).toContainText(old)
  await question.getByRole('button', { name: 'Delete', exact: true }).click()
  await expect(keyRow(page, old)).toHaveCount(0)
  await expect(page.getByRole('row').filter({ hasText: 'Ferry display' })).toBeVisible()
})
