import { expect, type Locator, type Page } from '@playwright/test'

export function tokenDialog(page: Page): Locator {
  return page.getByRole('dialog', { name: 'Token Created' })
}

/** Reads the token off the dialog that shows it once. */
export async function readToken(page: Page): Promise<string> {
  const secret = await tokenDialog(page).getByLabel('Token', { exact: true }).textContent()
  expect(secret).toMatch(/^lkt_[0-9A-Za-z]{40}$/)
  return secret ?? ''
}

/** Makes a token on its page and closes what shows it, its secret taken down. */
export async function createToken(
  page: Page,
  { name, role }: { name: string; role: string },
): Promise<string> {
  await page.getByRole('button', { name: 'New token' }).click()
  const form = page.getByRole('dialog', { name: 'New token' })
  await form.getByLabel('Name').fill(name)
  await form.getByRole('radio', { name: new RegExp(`^${role}`) }).check()
  await form.getByRole('button', { name: 'Create token' }).click()
  const secret = await readToken(page)
  await tokenDialog(page).getByRole('button', { name: 'Close', exact: true }).last().click()
  await tokenDialog(page).getByRole('button', { name: 'Close without copying' }).click()
  await expect(tokenDialog(page)).toBeHidden()
  return secret
}
