import { expect } from '@playwright/test'
import { test } from './support/fixtures.ts'
import { openDeployment, operationBox } from './support/keys.ts'

test.beforeEach(async ({ page }) => {
  await openDeployment(page, 'plant-telemetry')
  await page.getByRole('button', { name: 'New API Key' }).click()
  await expect(page.getByRole('dialog').getByRole('checkbox').first()).toBeVisible()
})

test('What a filter hides stays selected and is counted', async ({ page }) => {
  const dialog = page.getByRole('dialog', { name: 'New API Key' })
  await operationBox(dialog, 'GET /clients').check()
  await operationBox(dialog, 'GET /rules').check()
  await dialog.getByRole('searchbox').fill('publish')
  const publish = dialog.getByRole('checkbox', { name: 'Publish', exact: true })
  await publish.check()
  await expect(dialog.getByText('4 selected, 2 of them hidden by the filter')).toBeVisible()
  await publish.uncheck()
  await expect(dialog.getByText('2 selected, 2 of them hidden by the filter')).toBeVisible()
  await dialog.getByRole('button', { name: 'Show selected' }).click()
  await expect(operationBox(dialog, 'GET /clients')).toBeChecked()
  await expect(operationBox(dialog, 'GET /rules')).toBeChecked()
  await expect(dialog.getByText('2 of 77 shown')).toBeVisible()
})

test('A category is mixed by what is shown, and its box touches nothing else', async ({ page }) => {
  const dialog = page.getByRole('dialog', { name: 'New API Key' })
  const clients = dialog.getByRole('checkbox', { name: 'Clients', exact: true })
  await operationBox(dialog, 'GET /clients').check()
  await expect(clients).toBeChecked({ indeterminate: true })
  await dialog.getByRole('button', { name: 'GET', exact: true }).click()
  await clients.check()
  await expect(clients).toBeChecked()
  await dialog.getByRole('button', { name: 'GET', exact: true }).click()
  await expect(clients).toBeChecked({ indeterminate: true })
  await expect(operationBox(dialog, 'DELETE /clients/{clientid}')).not.toBeChecked()
  await expect(operationBox(dialog, 'GET /clients/{clientid}/subscriptions')).toBeChecked()
})

test('The search takes several words in any order, of method, path, category and summary', async ({
  page,
}) => {
  const dialog = page.getByRole('dialog', { name: 'New API Key' })
  const search = dialog.getByRole('searchbox')
  for (const [words, operation] of [
    ['  client   disconnect ', 'DELETE /clients/{clientid}'],
    ['banned delete', 'DELETE /banned'],
    ['REGISTRY put', 'PUT /schema_registry/{name}'],
  ] as const) {
    await search.fill(words)
    await expect(operationBox(dialog, operation)).toBeVisible()
  }
  await search.fill('no such thing')
  await expect(dialog.getByText('No endpoint matches')).toBeVisible()
  await dialog.getByRole('button', { name: 'Clear filter' }).first().click()
  await expect(dialog.getByText('77 of 77 shown')).toBeVisible()
})

test('Confirm says why it has to wait, and every box ticked is still not full access', async ({
  page,
}) => {
  const dialog = page.getByRole('dialog', { name: 'New API Key' })
  const confirm = dialog.getByRole('button', { name: 'Confirm' })
  await expect(confirm).toHaveAccessibleDescription(/at least one endpoint/)
  for (const category of ['Clients', 'Publish', 'Rules', 'Banned', 'Subscriptions', 'Retainer']) {
    await dialog.getByRole('checkbox', { name: category, exact: true }).check()
  }
  await expect(dialog.getByRole('radio', { name: /Full access/ })).not.toBeChecked()
  await expect(confirm).not.toHaveAttribute('aria-disabled', 'true')
})

test('Esc, the scrim and X ask before changes go; Cancel does not', async ({ page }) => {
  const dialog = page.getByRole('dialog', { name: 'New API Key' })
  await dialog.getByLabel('Note').fill('Unsaved')
  const question = dialog.getByText('Discard changes?')
  for (const leave of [
    () => page.keyboard.press('Escape'),
    () => page.mouse.click(5, 400),
    () => dialog.getByRole('button', { name: 'Close', exact: true }).click(),
  ]) {
    await leave()
    await expect(question).toBeVisible()
    await dialog.getByRole('button', { name: 'Keep editing' }).click()
    await expect(dialog.getByLabel('Note')).toHaveValue('Unsaved')
  }
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await expect(dialog).toBeHidden()
})

test('Nothing moves under the pointer when rows come into sight', async ({ page }) => {
  const first = page.getByRole('dialog').getByRole('checkbox').first()
  const heights = await first.evaluate(async (box) => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve))
    let around = box.parentElement
    while (around && getComputedStyle(around).overflowY !== 'auto') around = around.parentElement
    const list = around ?? document.body
    const heights = new Set<number>()
    for (let top = 0; top < 3000; top += 200) {
      list.scrollTo(0, top)
      for (let count = 0; count < 3; count += 1) await frame()
      heights.add(list.scrollHeight)
    }
    return [...heights]
  })
  expect(heights).toHaveLength(1)
})

for (const viewport of [
  { width: 390, height: 780 },
  { width: 720, height: 450 },
]) {
  test(`What is hidden stays one press away at ${viewport.width} px, and covers no row`, async ({
    page,
  }) => {
    await page.setViewportSize(viewport)
    const dialog = page.getByRole('dialog', { name: 'New API Key' })
    await dialog.getByRole('checkbox', { name: 'Actions', exact: true }).check()
    await dialog.getByRole('searchbox').fill('clients')
    const status = dialog.getByText('11 selected, 11 of them hidden by the filter')
    const showSelected = dialog.getByRole('button', { name: 'Show selected' })
    await expect(status).toBeInViewport({ ratio: 1 })
    await expect(showSelected).toBeInViewport({ ratio: 1 })
    await dialog.getByRole('checkbox', { name: 'Clients', exact: true }).focus()
    for (const key of ['ArrowDown', 'ArrowUp']) {
      for (let row = 0; row < 15; row += 1) {
        await page.keyboard.press(key)
        const isInSight = await page.evaluate(() => {
          const box = document.activeElement
          const { left = 0, top = 0, bottom = 0, width = 0 } = box?.getBoundingClientRect() ?? {}
          const at = (y: number) => document.elementFromPoint(left + width / 2, y) === box
          return at(top + 2) && at(bottom - 2)
        })
        expect(isInSight).toBe(true)
      }
    }
    await showSelected.click()
    await expect(dialog.getByText('11 of 77 shown')).toBeInViewport({ ratio: 1 })
  })
}
