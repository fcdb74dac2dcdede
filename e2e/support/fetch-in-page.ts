import type { Page } from '@playwright/test'
import type { Answer, Sent } from '../../src/contract-suite/host.ts'
import { MANAGEMENT_BASE } from '../../src/contract/http/base-path.ts'

/**
 * Sends a request from the page, so that the demo's worker gets it like the server does: to the
 * management API as who is signed in, to the gateway as nobody in particular.
 */
export async function fetchInPage(
  page: Page,
  method: string,
  path: string,
  sent: Sent = {},
): Promise<Answer> {
  const credentials = path.startsWith(`${MANAGEMENT_BASE}/`) ? 'same-origin' : 'omit'
  const init = { method, ...sent, credentials, cache: 'no-store' } as const
  return page.evaluate(
    async ({ path, init }) => {
      const response = await fetch(path, init)
      const headers = Object.fromEntries(response.headers)
      return { status: response.status, headers, text: await response.text() }
    },
    { path, init },
  )
}
