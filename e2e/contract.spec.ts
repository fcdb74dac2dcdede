import { test } from '@playwright/test'
import { contractCases } from '../src/contract-suite/contract-suite.ts'
import { fetchInPage } from './support/fetch-in-page.ts'

test.describe('What every host promises', () => {
  for (const { name, run } of contractCases) {
    test(name, async ({ page }) => {
      await page.goto('/deployments')
      await page.getByRole('link', { name: 'plant-telemetry', exact: true }).waitFor()
      await run({ send: (method, path, sent) => fetchInPage(page, method, path, sent) })
    })
  }
})
