import type { Page } from '@playwright/test'
import type { Answer, Sent } from '../../src/contract-suite/host.ts'

/** Sends a request from the page, so that the demo's worker gets it like the server does. */
export async function fetchInPage(
  page: Page,
  method: string,
  path: string,
  sent: Sent = {},
): Promise<Answer> {
  const init = { method, ...sent, credentials: 'omit' as const, cache: 'no-store' as const }
  return page.evaluate(
    async ({ path, init }) => {
      const response = await fetch(path, init)
      const headers = Object.fromEntries(response.headers)
      return { status: response.status, headers, text: await response.text() }
    },
    { path, init },
  )
}
