import { expect, type Locator, type Page } from '@playwright/test'
import { fetchInPage } from './support/fetch-in-page.ts'
import { test } from './support/fixtures.ts'
import { createKey } from './support/keys.ts'

/** Adds a deployment, which opens its overview; returns its path in the management API. */
async function addDeployment(page: Page, name: string): Promise<string> {
  await page.goto('/deployments')
  await page.getByRole('button', { name: 'Add deployment' }).click()
  const dialog = page.getByRole('dialog', { name: 'Add deployment' })
  await dialog.getByLabel('Name').fill(name)
  await dialog.getByRole('button', { name: 'Add deployment' }).click()
  await expect(page.getByRole('heading', { name, level: 1 })).toBeVisible()
  return `/api/v1${new URL(page.url()).pathname}`
}

/** Opens the question before a deployment goes, from the list of deployments. */
async function askToRemove(page: Page, name: string): Promise<Locator> {
  await page.goto('/deployments')
  await page.getByRole('button', { name: `Actions for ${name}` }).click()
  await page.getByRole('menuitem', { name: 'Remove' }).click()
  return page.getByRole('alertdialog')
}

test('What was typed in Add deployment goes only when that is meant', async ({ page }) => {
  await page.goto('/deployments')
  await page.getByRole('link', { name: 'home-sensors', exact: true }).click()
  await expect(page.getByRole('heading', { name: 'home-sensors', level: 1 })).toBeVisible()
  await page.getByRole('navigation', { name: 'Main' }).getByText('Deployments').click()
  const add = page.getByRole('button', { name: 'Add deployment' })
  await add.click()
  const dialog = page.getByRole('dialog', { name: 'Add deployment' })
  await dialog.getByLabel('Name').fill('Typed')
  await page.keyboard.press('Escape')
  const question = dialog.getByRole('group', { name: 'Discard changes?' })
  await expect(question.getByRole('button', { name: 'Keep editing' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(question).toBeHidden()
  await expect(dialog.getByLabel('Name')).toBeFocused()
  await expect(dialog.getByLabel('Name')).toHaveValue('Typed')

  await page.goBack()
  await question.getByRole('button', { name: 'Discard' }).click()
  await expect(dialog).toBeHidden()
  await page.goBack()
  await expect(page.getByRole('heading', { name: 'home-sensors', level: 1 })).toBeVisible()
  await page.getByRole('navigation', { name: 'Main' }).getByText('Deployments').click()
  await add.click()
  await expect(dialog.getByLabel('Name')).toHaveValue('')
  await dialog.getByLabel('Name').fill('Typed')
  await page.keyboard.press('Escape')
  await question.getByRole('button', { name: 'Discard' }).click()
  await expect(dialog).toBeHidden()
  await expect(add).toBeFocused()
})

test('A deployment gets its first key, is renamed meanwhile and removed by its new name', async ({
  page,
}) => {
  const path = await addDeployment(page, 'north hall')
  const newKey = page.getByRole('button', { name: 'New API Key' })
  await newKey.click()
  const form = page.getByRole('dialog', { name: 'New API Key' })
  await expect(form.getByLabel('Note')).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(form).toBeHidden()
  await expect(newKey).toBeFocused()
  await createKey(page, { note: 'The first', operations: ['GET /clients'] })
  await expect(page.getByRole('heading', { name: 'Deployment API Key' })).toBeFocused()

  const dialog = await askToRemove(page, 'north hall')
  await dialog.getByRole('textbox').fill('north hall')
  const renamed = await fetchInPage(page, 'PATCH', path, {
    headers: { 'content-type': 'application/json', 'if-match': '"1"' },
    body: JSON.stringify({ name: 'south hall' }),
  })
  expect(renamed.status).toBe(200)

  await dialog.getByRole('button', { name: 'Remove deployment' }).click()
  await expect(dialog.getByRole('alert')).toContainText('renamed to “south hall”')
  await expect(dialog.getByRole('textbox')).toHaveValue('north hall')
  await dialog.getByRole('textbox').fill('south hall')
  await dialog.getByRole('button', { name: 'Remove anyway' }).click()
  await expect(dialog).toBeHidden()
  await expect(page.getByRole('link', { name: 'south hall' })).toHaveCount(0)
  await expect(page.getByRole('heading', { name: 'Deployments', level: 1 })).toBeFocused()
})

for (const [width, height] of [
  [390, 844],
  [1280, 800],
] as const) {
  test(`A toast leaves a dialog’s buttons free, ${width} px wide`, async ({ page }) => {
    await page.setViewportSize({ width, height })
    // A failure's toast stays: the code of one dialog doesn't come.
    await page.route('**/rename-dialog-*.js', (route) => route.abort())
    await page.goto('/deployments')
    await page.getByRole('button', { name: 'Actions for home-sensors' }).click()
    await page.getByRole('menuitem', { name: 'Rename' }).click()
    const toasts = page.getByRole('region', { name: 'Notifications' })
    await expect(toasts.getByText('This dialog didn’t load.')).toBeVisible()

    await page.getByRole('button', { name: 'Add deployment' }).click()
    const dialog = page.getByRole('dialog', { name: 'Add deployment' })
    for (const name of ['Close', 'Cancel', 'Add deployment']) {
      // A trial click fails where something else would take it.
      await dialog.getByRole('button', { name }).click({ trial: true, timeout: 2000 })
    }
    await toasts.getByRole('button', { name: 'Dismiss' }).click()
    await expect(toasts.getByText('This dialog didn’t load.')).toBeHidden()
    await expect(dialog.getByLabel('Name')).toBeFocused()
  })
}
