import { test } from '@playwright/test'
import { signIn } from './accounts.ts'

test('The first administrator signs in', async ({ page }) => {
  await page.goto('/')
  await signIn(page, { username: 'admin', password: process.env['E2E_ADMIN_PASSWORD'] ?? '' })
  await page.context().storageState({ path: process.env['E2E_ADMIN_STATE'] ?? '' })
})
