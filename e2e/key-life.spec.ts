import { expect } from '@playwright/test'
import { samples, serverlessSample } from './support/deployments.ts'
import { test } from './support/fixtures.ts'
import {
  callApi,
  chooseAction,
  createKey,
  deleteKey,
  keyRow,
  openDeployment,
  operationBox,
  takeDown,
} from './support/keys.ts'

for (const { name, plan, kept, dropped } of samples) {
  test(`A key of a ${plan} deployment is made, used, narrowed, refused, deleted, refused`, async ({
    page,
  }) => {
    await openDeployment(page, name)
    await expect(page.getByText(plan, { exact: true }).first()).toBeVisible()
    const key = await createKey(page, { note: `${plan} story`, operations: [kept, dropped] })
    const row = keyRow(page, key.appId)
    await expect(row).toContainText(`${plan} story`)
    await expect(row).toContainText(/2 of \d+ endpoints/)
    expect((await callApi(page, kept, key)).status).toBe(200)
    expect((await callApi(page, dropped, key)).status).toBe(200)

    await chooseAction(page, key.appId, 'Edit')
    const dialog = page.getByRole('dialog', { name: 'Edit API Key' })
    await operationBox(dialog, dropped).uncheck()
    await expect(dialog).toContainText('−1 removed')
    await dialog.getByRole('button', { name: 'Confirm' }).click()
    await expect(dialog).toBeHidden()
    await expect(row).toContainText(/1 of \d+ endpoints/)
    const refused = await callApi(page, dropped, key)
    expect(refused.status).toBe(403)
    expect(JSON.parse(refused.text)).toMatchObject({ required: dropped, appId: key.appId })
    expect((await callApi(page, kept, key)).status).toBe(200)

    await deleteKey(page, key.appId)
    expect((await callApi(page, kept, key)).status).toBe(401)
  })
}

test('A Serverless key is made at once, has full access, and is deleted', async ({ page }) => {
  await openDeployment(page, serverlessSample.name)
  await page.getByRole('button', { name: 'New API Key' }).click()
  const key = await takeDown(page)
  await expect(keyRow(page, key.appId)).toContainText('Full access')
  expect((await callApi(page, 'GET /clients', key)).status).toBe(200)
  expect((await callApi(page, 'GET /rules', key)).status).toBe(404)

  await page.getByRole('button', { name: `Actions for ${key.appId}` }).click()
  await expect(page.getByRole('menuitem', { name: 'Delete', exact: true })).toBeVisible()
  await expect(page.getByRole('menuitem', { name: 'Edit', exact: true })).toHaveCount(0)
  await page.keyboard.press('Escape')
  await deleteKey(page, key.appId)
  expect((await callApi(page, 'GET /clients', key)).status).toBe(401)
})
