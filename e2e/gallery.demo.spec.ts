import { expect } from '@playwright/test'
import { expectNothingBroken } from './support/accessibility.ts'
import { test } from './support/fixtures.ts'

test('The gallery shows every primitive, accessibly, in both schemes', async ({ page }) => {
  await page.goto('/gallery')
  const dark = page.getByRole('region', { name: 'Dark', exact: true })
  await expect(dark.getByRole('button', { name: 'primary' })).toBeVisible()
  await expectNothingBroken(page, 'gallery, wide')
  await page.setViewportSize({ width: 390, height: 900 })
  await expectNothingBroken(page, 'gallery, narrow')
  await dark.getByRole('button', { name: 'Question with text to type' }).click()
  await expect(page.getByRole('alertdialog')).toBeVisible()
  await expectNothingBroken(page, 'gallery, question')
})
