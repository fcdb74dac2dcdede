import { expect, type Page } from '@playwright/test'
import { test } from './support/fixtures.ts'
import {
  callApi,
  chooseAction,
  createKey,
  deleteKey,
  keyRow,
  openDeployment,
  operationBox,
  readCredentials,
  resultDialog,
} from './support/keys.ts'

async function showNewSecret(page: Page, note: string) {
  await page.getByRole('button', { name: 'New API Key' }).click()
  const dialog = page.getByRole('dialog', { name: 'New API Key' })
  await dialog.getByLabel('Note').fill(note)
  await operationBox(dialog, 'GET /clients').check()
  await dialog.getByRole('button', { name: 'Confirm' }).click()
  return readCredentials(page)
}

/** Everything a page keeps that outlives a dialog: DOM, form values, storage, caches, databases. */
async function everythingKept(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const parts = [document.documentElement.outerHTML, location.href, document.cookie]
    parts.push(JSON.stringify(history.state), JSON.stringify({ ...localStorage }))
    parts.push(JSON.stringify({ ...sessionStorage }))
    for (const field of document.querySelectorAll('input, textarea')) {
      if ('value' in field) parts.push(String(field.value))
    }
    for (const name of await caches.keys()) {
      const cache = await caches.open(name)
      for (const request of await cache.keys()) {
        parts.push(request.url, (await (await cache.match(request))?.text()) ?? '')
      }
    }
    const read = <Result>(request: IDBRequest<Result>) =>
      new Promise<Result>((resolve, reject) => {
        request.addEventListener('success', () => resolve(request.result))
        request.addEventListener('error', () => reject(new Error('IndexedDB')))
      })
    for (const { name = '' } of await indexedDB.databases()) {
      const database = await read(indexedDB.open(name))
      for (const store of database.objectStoreNames) {
        for (const value of await read(database.transaction(store).objectStore(store).getAll())) {
          for (const inner of Object.values(Object(value))) {
            const isBytes = inner instanceof Uint8Array || inner instanceof ArrayBuffer
            parts.push(isBytes ? new TextDecoder('latin1').decode(inner) : JSON.stringify(inner))
          }
        }
      }
      database.close()
    }
    return parts.join('\n')
  })
}

test('The secret is shown once and is nowhere after closing', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  const answers: Promise<string>[] = []
  await openDeployment(page, 'plant-telemetry')
  const { appId, appSecret } = await showNewSecret(page, 'Shown once')
  await resultDialog(page).getByRole('button', { name: 'Copy and close' }).click()
  await expect(resultDialog(page)).toBeHidden()
  const copied = await page.evaluate(() => navigator.clipboard.readText())
  expect(copied).toContain(appId)
  expect(copied).toContain(appSecret)

  page.on('response', (response) => answers.push(response.text().catch(() => '')))
  await expect(keyRow(page, appId)).toBeVisible()
  expect(await everythingKept(page)).not.toContain(appSecret)
  await page.reload()
  await expect(keyRow(page, appId)).toBeVisible()
  expect(await everythingKept(page)).not.toContain(appSecret)
  await chooseAction(page, appId, 'Edit')
  await expect(page.getByRole('dialog', { name: 'Edit API Key' })).toBeVisible()
  expect((await Promise.all(answers)).join('\n')).not.toContain(appSecret)
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click()
  await deleteKey(page, appId)
})

test('Clicking outside never closes it; Esc asks once', async ({ page }) => {
  await openDeployment(page, 'plant-telemetry')
  await showNewSecret(page, 'Guarded')
  const result = resultDialog(page)
  await page.mouse.click(5, 5)
  await expect(result).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(result).toContainText("can't be shown again")
  await page.keyboard.press('Escape')
  await expect(result).toBeHidden()
})

test('Back and closing the tab ask before a form or a secret goes', async ({ page }) => {
  await page.goto('/deployments')
  await page.getByRole('link', { name: 'plant-telemetry', exact: true }).click()
  await page.getByRole('button', { name: 'New API Key' }).click()
  const form = page.getByRole('dialog', { name: 'New API Key' })
  await form.getByLabel('Note').fill('Kept')
  await page.goBack()
  await expect(form.getByRole('group', { name: 'Discard changes?' })).toBeVisible()
  await form.getByRole('button', { name: 'Keep editing' }).click()
  await expect(form.getByLabel('Note')).toHaveValue('Kept')
  await operationBox(form, 'GET /clients').check()
  await form.getByRole('button', { name: 'Confirm' }).click()

  const result = resultDialog(page)
  const { appSecret } = await readCredentials(page)
  const question = page.waitForEvent('dialog')
  await page.close({ runBeforeUnload: true })
  expect((await question).type()).toBe('beforeunload')
  await (await question).dismiss()
  for (let times = 0; times < 2; times += 1) {
    await page.goBack()
    await expect(result).toContainText("can't be shown again")
  }
  await expect(result.getByLabel('App Secret', { exact: true })).toHaveText(appSecret)
  await result.getByRole('button', { name: 'Close without copying' }).click()
  await expect(result).toBeHidden()
  await page.goBack()
  await expect(page).toHaveURL('/deployments')
})

for (const [name, breakClipboard] of [
  ['absent', () => Object.defineProperty(navigator, 'clipboard', { value: undefined })],
  [
    'refusing',
    () =>
      Object.defineProperty(navigator, 'clipboard', {
        value: { writeText: () => Promise.reject(new Error('no')) },
      }),
  ],
] as const) {
  test(`Copying works with the clipboard API ${name}`, async ({ page, context }) => {
    await page.addInitScript(breakClipboard)
    await openDeployment(page, 'plant-telemetry')
    const { appSecret } = await showNewSecret(page, `Clipboard ${name}`)
    await resultDialog(page).getByRole('button', { name: 'Copy and close' }).click()
    await expect(resultDialog(page)).toBeHidden()
    const other = await context.newPage()
    await other.goto(page.url())
    const search = other.getByRole('searchbox').first()
    await search.focus()
    await other.keyboard.press('Control+V')
    await expect(search).toHaveValue(new RegExp(appSecret))
    await other.close()
  })
}

test('A copy that fails in every way says so and selects the text', async ({ page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(navigator, 'clipboard', { value: undefined })
    document.execCommand = () => false
  })
  await openDeployment(page, 'plant-telemetry')
  const { appSecret } = await showNewSecret(page, 'No clipboard')
  const result = resultDialog(page)
  await result.getByRole('button', { name: 'Copy and close' }).click()
  await expect(result.getByRole('alert').filter({ hasText: 'refused to copy' })).toBeVisible()
  expect(await page.evaluate(() => String(document.getSelection()))).toContain(appSecret)
  await page.keyboard.press('Escape')
  await page.keyboard.press('Escape')
  await expect(result).toBeHidden()
})

test('Test key makes a real call while the secret is on screen', async ({ page }) => {
  await openDeployment(page, 'plant-telemetry')
  const credentials = await showNewSecret(page, 'Tested')
  const result = resultDialog(page)
  await result.getByRole('button', { name: 'Test key' }).click()
  await expect(result).toContainText('200')
  await page.keyboard.press('Escape')
  await page.keyboard.press('Escape')
  await expect(result).toBeHidden()
  expect((await callApi(page, 'GET /clients', credentials)).status).toBe(200)
})

test('The result dialog is not left behind by a second key', async ({ page }) => {
  await openDeployment(page, 'plant-telemetry')
  const first = await createKey(page, { note: 'First', operations: ['GET /clients'] })
  const second = await createKey(page, { note: 'Second', operations: ['GET /clients'] })
  expect(second.appSecret).not.toBe(first.appSecret)
  for (const { appId } of [first, second]) await expect(keyRow(page, appId)).toBeVisible()
})
