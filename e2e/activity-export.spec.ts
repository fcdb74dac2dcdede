import { readFile } from 'node:fs/promises'
import { expect } from '@playwright/test'
import { createKey, openDeployment } from './support/keys.ts'
import { test } from './support/story.ts'

test('What is shown is exported as CSV', async ({ page }) => {
  await openDeployment(page, 'grid-metering')
  const { appId } = await createKey(page, { note: 'Exported', operations: ['GET /clients'] })
  await page.goto(`/activity?search=${appId}`)
  const entry = page.getByRole('row').filter({ hasText: 'created the API key' })
  await expect(entry).toHaveCount(1)
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Export CSV' }).click(),
  ])
  expect(download.suggestedFilename()).toMatch(/^latchkey-activity-.*\.csv$/)
  const lines = (await readFile(await download.path(), 'utf8')).trim().split('\r\n')
  expect(lines).toHaveLength(2)
  expect(lines[1]).toContain('apiKey.create')
  expect(lines[1]).toContain(appId)
  await expect(page).toHaveURL(/\/activity/)
})
