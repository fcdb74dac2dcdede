import { expect, type Locator, type Page } from '@playwright/test'
import type { Answer } from '../../src/contract-suite/host.ts'
import { basicAuthorization } from '../../src/contract/keys/credentials.ts'
import { fetchInPage } from './fetch-in-page.ts'

export type Credentials = { appId: string; appSecret: string }

/** Opens the overview of a sample deployment by its address. */
export async function openDeployment(page: Page, name: string): Promise<void> {
  await page.goto(`/deployments/${name}`)
  // The demo's first start has no bound of its own.
  await page.getByRole('heading', { name: 'Deployment API Key' }).waitFor()
}

/** The check box of an operation in the permission picker: "GET /clients, Clients". */
export function operationBox(dialog: Locator, operation: string): Locator {
  return dialog.getByRole('checkbox', { name: new RegExp(`^${escape(operation)}, `) })
}

function escape(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
}

/** Makes a key with these operations and closes the result, its secret taken down. */
export async function createKey(
  page: Page,
  { note, operations }: { note: string; operations: readonly string[] },
): Promise<Credentials> {
  await page.getByRole('button', { name: 'New API Key' }).click()
  const dialog = page.getByRole('dialog', { name: 'New API Key' })
  await dialog.getByLabel('Note').fill(note)
  for (const operation of operations) await operationBox(dialog, operation).check()
  await dialog.getByRole('button', { name: 'Confirm' }).click()
  return takeDown(page)
}

/** Reads App ID and App Secret off the result dialog and closes it. */
export async function takeDown(page: Page, result = resultDialog(page)): Promise<Credentials> {
  const credentials = await readCredentials(page, result)
  await closeResult(page, result)
  return credentials
}

export async function readCredentials(
  page: Page,
  result = resultDialog(page),
): Promise<Credentials> {
  const appId = await result.getByLabel('App ID', { exact: true }).textContent()
  const appSecret = await result.getByLabel('App Secret', { exact: true }).textContent()
  expect(appId).toMatch(/^k[0-9a-f]{11}$/)
  expect(appSecret).toMatch(/^lks_[0-9A-Za-z]{40}$/)
  return { appId: appId ?? '', appSecret: appSecret ?? '' }
}

export function resultDialog(page: Page): Locator {
  return page.getByRole('dialog', { name: 'API Key Created' })
}

/** Closes the result dialog by its Close button, past its question. */
export async function closeResult(page: Page, result = resultDialog(page)): Promise<void> {
  await result.getByRole('button', { name: 'Close', exact: true }).last().click()
  await result.getByRole('button', { name: 'Close without copying' }).click()
  await expect(result).toBeHidden()
}

/** The key's row in the table. */
export function keyRow(page: Page, appId: string): Locator {
  return page.getByRole('row').filter({ hasText: appId })
}

/** Chooses an action of a key's menu. */
export async function chooseAction(page: Page, appId: string, action: string): Promise<void> {
  await page.getByRole('button', { name: `Actions for ${appId}` }).click()
  await page.getByRole('menuitem', { name: action, exact: true }).click()
}

export async function deleteKey(page: Page, appId: string): Promise<void> {
  await chooseAction(page, appId, 'Delete')
  const dialog = page.getByRole('alertdialog')
  await expect(dialog.getByRole('button', { name: 'Cancel' })).toBeFocused()
  await dialog.getByRole('button', { name: 'Delete', exact: true }).click()
  await expect(dialog).toBeHidden()
  await expect(keyRow(page, appId)).toHaveCount(0)
}

/** Calls the deployment's API from the page, as a script with these credentials would. */
export async function callApi(
  page: Page,
  operation: string,
  { appId, appSecret }: Credentials,
  json?: unknown,
): Promise<Answer> {
  const base = await page.getByLabel('API base URL', { exact: true }).textContent()
  const [method = '', path = ''] = operation.split(' ')
  return fetchInPage(page, method, `${new URL(base ?? '').pathname}${path}`, {
    headers: {
      authorization: basicAuthorization(appId, appSecret),
      ...(json !== undefined && { 'content-type': 'application/json' }),
    },
    ...(json !== undefined && { body: JSON.stringify(json) }),
  })
}
