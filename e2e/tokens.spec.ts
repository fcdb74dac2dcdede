import { expect } from '@playwright/test'
import { test } from './support/fixtures.ts'
import { createToken, readToken, tokenDialog } from './support/tokens.ts'

test('A token is made, shown once and deleted', async ({ page }) => {
  await page.goto('/tokens')
  await page.getByRole('button', { name: 'New token' }).click()
  const form = page.getByRole('dialog', { name: 'New token' })
  await form.getByRole('button', { name: 'Create token' }).click()
  await expect(form.getByLabel('Name')).toHaveAccessibleDescription('Give the token a name.')
  const name = `Nightly ${process.pid}`
  await form.getByLabel('Name').fill(name)
  await form.getByLabel('Expires').selectOption('At a date and time…')
  await form.getByLabel('Date and time').fill('')
  await form.getByRole('button', { name: 'Create token' }).click()
  await expect(form.getByLabel('Date and time')).toHaveAccessibleDescription(/Choose a date/)
  await form.getByLabel('Expires').selectOption('Never')
  await expect(form.getByLabel('Expires')).toHaveAccessibleDescription(/until someone deletes it/)
  await form.getByLabel('Expires').selectOption('In 30 days')
  await form.getByRole('button', { name: 'Create token' }).click()

  const created = tokenDialog(page)
  const secret = await readToken(page)
  await expect(created.getByRole('tabpanel')).toContainText(`Authorization: Bearer ${secret}`)
  await page.keyboard.press('Escape')
  await expect(created.getByRole('alert')).toContainText("can't be shown again")
  await created.getByRole('button', { name: 'Close without copying' }).click()
  await expect(created).toBeHidden()
  expect(await page.content()).not.toContain(secret)

  const row = page.getByRole('row').filter({ hasText: name })
  await expect(row).toContainText('Viewer')
  await expect(row).toContainText('Never used')
  await page.getByRole('button', { name: `Actions for ${name}` }).click()
  await page.getByRole('menuitem', { name: 'Delete' }).click()
  const question = page.getByRole('alertdialog')
  await expect(question).toContainText('API keys that were made with it keep working')
  await question.getByRole('button', { name: 'Delete' }).click()
  await expect(row).toHaveCount(0)
  await expect(page.getByRole('heading', { name: 'Automation tokens' })).toBeFocused()
})

test('A token is copied by its main button, with the keyboard alone', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.goto('/tokens')
  // Where there is none yet, the button goes with the place of none.
  await createToken(page, { name: `Before ${process.pid}`, role: 'Viewer' })
  const open = page.getByRole('button', { name: 'New token' })
  await open.focus()
  await page.keyboard.press('Enter')
  const form = page.getByRole('dialog', { name: 'New token' })
  await expect(form.getByLabel('Name')).toBeFocused()
  const name = `By keyboard ${process.pid}`
  await page.keyboard.type(name)
  await page.keyboard.press('Enter')
  const secret = await readToken(page)
  await tokenDialog(page).getByRole('button', { name: 'Copy and close' }).press('Enter')
  await expect(tokenDialog(page)).toBeHidden()
  await expect(open).toBeFocused()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(`LATCHKEY_TOKEN=${secret}`)
})

test('A token of a role is listed with it', async ({ page }) => {
  await page.goto('/tokens')
  const name = `Terraform ${process.pid}`
  await createToken(page, { name, role: 'Administrator' })
  await expect(page.getByRole('row').filter({ hasText: name })).toContainText('Administrator')
})
