import { expect } from '@playwright/test'
import { test } from './support/fixtures.ts'
import { tabTo } from './support/keyboard.ts'
import { keyRow, openDeployment, readCredentials, resultDialog } from './support/keys.ts'

test('A key is made, edited and deleted by keyboard alone', async ({ page }) => {
  await openDeployment(page, 'ferry-signals')
  const newKey = page.getByRole('button', { name: 'New API Key' })
  await tabTo(page, newKey)
  await page.keyboard.press('Enter')

  const form = page.getByRole('dialog', { name: 'New API Key' })
  await expect(form.getByLabel('Note')).toBeFocused()
  await page.keyboard.type('By keyboard')
  await tabTo(page, form.getByRole('searchbox'))
  await page.keyboard.type('clients')
  await tabTo(page, form.getByRole('checkbox', { name: 'GET /clients, Client Management' }))
  await page.keyboard.press('Space')
  await tabTo(page, form.getByRole('button', { name: 'Confirm' }))
  await page.keyboard.press('Enter')

  await expect(resultDialog(page)).toBeVisible()
  const { appId } = await readCredentials(page)
  await page.keyboard.press('Escape')
  await page.keyboard.press('Escape')
  await expect(resultDialog(page)).toBeHidden()
  await expect(newKey).toBeFocused()

  const actions = page.getByRole('button', { name: `Actions for ${appId}` })
  await tabTo(page, actions)
  await page.keyboard.press('Enter')
  await page.getByRole('menuitem', { name: 'Edit', exact: true }).press('Enter')
  const edit = page.getByRole('dialog', { name: 'Edit API Key' })
  await expect(edit.getByLabel('Note')).toBeFocused()
  await page.keyboard.press('End')
  await page.keyboard.type(' alone')
  await page.keyboard.press('Enter')
  await expect(edit).toBeHidden()
  await expect(keyRow(page, appId)).toContainText('By keyboard alone')
  await expect(actions).toBeFocused()

  await page.keyboard.press('Enter')
  await page.getByRole('menuitem', { name: 'Delete', exact: true }).press('Enter')
  const question = page.getByRole('alertdialog')
  await expect(question.getByRole('button', { name: 'Cancel' })).toBeFocused()
  await tabTo(page, question.getByRole('button', { name: 'Delete', exact: true }))
  await page.keyboard.press('Enter')
  await expect(keyRow(page, appId)).toHaveCount(0)
  await expect(page.getByRole('heading', { name: 'Deployment API Key' })).toBeFocused()
})

test('Access opens and closes by keyboard and survives a reload', async ({ page, makeKey }) => {
  const operations = ['GET /rules']
  const { appId } = await makeKey('fleet-tracking', { note: 'Looked at', operations })
  await openDeployment(page, 'fleet-tracking')
  const expander = page.getByRole('button', { name: `View access of ${appId}` })
  await tabTo(page, expander)
  await page.keyboard.press('Enter')
  await expect(expander).toHaveAttribute('aria-expanded', 'true')
  await page.reload()
  await expect(expander).toHaveAttribute('aria-expanded', 'true')
  await tabTo(page, expander)
  await page.keyboard.press('Space')
  await expect(expander).toHaveAttribute('aria-expanded', 'false')
})
