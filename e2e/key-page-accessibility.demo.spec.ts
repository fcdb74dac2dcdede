import { expect } from '@playwright/test'
import { expectAccessible, narrow } from './support/accessibility.ts'
import { test } from './support/fixtures.ts'
import { openDeployment } from './support/keys.ts'

test.use(narrow)

test('Key health and refused credentials are accessible', async ({ page }) => {
  await openDeployment(page, 'plant-telemetry')
  await page.getByText('Refused credentials').click()
  await expectAccessible(page, 'refused credentials')
  await page.getByRole('button', { name: /old secret in use$/ }).click()
  await expect(page.getByRole('button', { name: /^End now/ })).toBeVisible()
  await expectAccessible(page, 'a condition')
  await page.getByRole('button', { name: /never expires?$/ }).click()
  await expect(page.getByRole('button', { name: /^Set expiry/ }).first()).toBeVisible()
  await expectAccessible(page, 'a condition with its fixes')
})

test('The page of a key is accessible', async ({ page }) => {
  await openDeployment(page, 'plant-telemetry')
  const row = page.getByRole('listitem')
  const grafana = row.filter({ hasText: 'Grafana scrape' })
  await grafana.getByRole('link', { name: /^k[0-9a-f]{11}$/ }).click()
  const chart = page.getByRole('slider')
  await expect(chart).toBeVisible()
  await expectAccessible(page, 'a key')
  await page.getByRole('link', { name: '90 d: the last 90 days' }).click()
  await page.getByText('Show as a table').click()
  await chart.press('Home')
  await expectAccessible(page, 'ninety days, read off, and their table')
  const path = page.getByRole('textbox', { name: 'Path or curl line' })
  await path.fill('/clients/a')
  await path.press('Enter')
  await expect(page.getByText(/^Refused: not granted/)).toBeVisible()
  await expectAccessible(page, 'a refused call in the tester')
  await path.fill('/clients')
  await path.press('Enter')
  await expect(page.getByText(/^Allowed by/)).toBeVisible()
  await expectAccessible(page, 'an allowed call in the tester')
  await path.fill('https://elsewhere.example/clients')
  await path.press('Enter')
  await expectAccessible(page, 'an address of elsewhere in the tester')
  await page.goto('/deployments/plant-telemetry/api-keys/k00000000000')
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await expectAccessible(page, 'no such key')
})
