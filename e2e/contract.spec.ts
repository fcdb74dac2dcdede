import { test } from '@playwright/test'
import { contractCases } from '../src/contract-suite/contract-suite.ts'
import type { Host } from '../src/contract-suite/host.ts'

test.describe('What every host promises', () => {
  for (const { name, run } of contractCases) {
    test(name, async ({ page }) => {
      await page.goto('/deployments')
      await page.getByRole('link', { name: 'plant-telemetry', exact: true }).waitFor()
      const host: Host = {
        send: (method, path, sent = {}) =>
          page.evaluate(
            async ({ method, path, sent }) => {
              const response = await fetch(path, {
                method,
                credentials: 'omit',
                cache: 'no-store',
                headers: sent.headers ?? {},
                body: sent.body ?? null,
              })
              const headers = Object.fromEntries(response.headers)
              return { status: response.status, headers, text: await response.text() }
            },
            { method, path, sent },
          ),
      }
      await run(host)
    })
  }
})
