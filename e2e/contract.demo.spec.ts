import type { Page } from '@playwright/test'
import { contractCases } from '../src/contract-suite/contract-suite.ts'
import { fetchInPage } from './support/fetch-in-page.ts'
import { test } from './support/fixtures.ts'

// The server passes the same cases over HTTP in its unit tests; here a page asks its worker.
test.describe('What every host promises', () => {
  test.describe.configure({ mode: 'default' })
  let page: Page

  test.beforeAll(async ({ browser }) => {
    page = await browser.newPage()
    await page.goto('/deployments')
    await page.getByRole('link', { name: 'plant-telemetry', exact: true }).waitFor()
  })
  test.afterAll(() => page.close())

  for (const { name, run } of contractCases) {
    test(name, () =>
      run({
        send: (method, path, sent) => fetchInPage(page, method, path, sent),
        // The demo records a call before it answers it.
        settle: async () => {},
      }),
    )
  }
})
