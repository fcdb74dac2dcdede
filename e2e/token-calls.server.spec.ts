import { expect } from '@playwright/test'
import { test } from './support/fixtures.ts'
import { keyRow, openDeployment } from './support/keys.ts'
import { createToken } from './support/tokens.ts'

test('A script makes a key with a token, Activity says so, and a deleted token is refused', async ({
  page,
  playwright,
  baseURL,
}) => {
  await page.goto('/tokens')
  const name = `Pipeline ${process.pid}`
  const secret = await createToken(page, { name, role: 'Administrator' })
  // Without any cookie, as a script has it.
  const script = await playwright.request.newContext({
    ...(baseURL !== undefined && { baseURL }),
    extraHTTPHeaders: { authorization: `Bearer ${secret}` },
  })
  const path = '/api/v1/deployments/fleet-tracking/api-keys'
  const access = { mode: 'list', operations: ['GET /clients'] }
  const answer = await script.post(path, { data: { note: 'From the pipeline', access } })
  expect(answer.status()).toBe(201)
  const made: unknown = await answer.json()
  expect(made).toMatchObject({ apiKey: { appId: expect.stringMatching(/^k[0-9a-f]{11}$/) } })
  const appId = /k[0-9a-f]{11}/.exec(JSON.stringify(made))?.[0] ?? ''

  await page.reload()
  await expect(page.getByRole('row').filter({ hasText: name })).not.toContainText('Never used')
  await openDeployment(page, 'fleet-tracking')
  await expect(keyRow(page, appId)).toContainText('From the pipeline')
  await page.goto(`/activity?search=${appId}`)
  const entry = page.getByRole('row').filter({ hasText: 'created the API key' })
  await expect(entry).toContainText(name)
  await expect(entry).toContainText('Token')
  await expect(entry).toContainText('127.0.0.1')

  await page.goto('/tokens')
  await page.getByRole('button', { name: `Actions for ${name}` }).click()
  await page.getByRole('menuitem', { name: 'Delete' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click()
  // Nothing behind the question can be found before it is gone.
  await expect(page.getByRole('alertdialog')).toHaveCount(0)
  await expect(page.getByRole('row').filter({ hasText: name })).toHaveCount(0)
  expect((await script.get('/api/v1/deployments')).status()).toBe(401)
  await script.dispose()
})
