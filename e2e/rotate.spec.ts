import { expect, type Page } from '@playwright/test'
import { test } from './support/fixtures.ts'
import { tabTo } from './support/keyboard.ts'
import {
  callApi,
  chooseAction,
  deleteKey,
  keyRow,
  openDeployment,
  readCredentials,
  resultDialog,
  takeDown,
} from './support/keys.ts'

const rotated = (page: Page) => page.getByRole('dialog', { name: 'Secret Rotated' })

async function rotate(page: Page, appId: string, end: string) {
  await chooseAction(page, appId, 'Rotate')
  const dialog = page.getByRole('dialog', { name: 'Rotate App Secret' })
  await dialog.getByRole('radio', { name: end, exact: true }).check()
  await dialog.getByRole('button', { name: 'Rotate', exact: true }).click()
  return takeDown(page, rotated(page))
}

test('Both secrets open a rotated key, until the old one is ended', async ({ page, makeKey }) => {
  const operations = ['GET /clients']
  const old = await makeKey('plant-telemetry', { note: 'Changes hands', operations })
  await openDeployment(page, 'plant-telemetry')
  const renewed = await rotate(page, old.appId, 'In 1 hour')
  expect(renewed.appId).toBe(old.appId)
  expect(renewed.appSecret).not.toBe(old.appSecret)
  expect((await callApi(page, 'GET /clients', old)).status).toBe(200)
  expect((await callApi(page, 'GET /clients', renewed)).status).toBe(200)

  await expect(keyRow(page, old.appId).first()).toContainText('Changes hands')
  await page.getByRole('button', { name: new RegExp(`^End now.*${old.appId}`) }).click()
  const question = page.getByRole('alertdialog', { name: 'End Old Secret' })
  await expect(question.getByRole('button', { name: 'Cancel' })).toBeFocused()
  expect((await callApi(page, 'GET /clients', old)).status).toBe(200)
  await question.getByRole('button', { name: 'End now' }).click()
  await expect(question).toBeHidden()
  expect((await callApi(page, 'GET /clients', old)).status).toBe(401)
  expect((await callApi(page, 'GET /clients', renewed)).status).toBe(200)
})

test('A secret that ends now is refused from the next request on', async ({ page, makeKey }) => {
  const old = await makeKey('grid-metering', { note: 'Leaked', operations: ['GET /clients'] })
  await openDeployment(page, 'grid-metering')
  const renewed = await rotate(page, old.appId, 'Now')
  expect((await callApi(page, 'GET /clients', old)).status).toBe(401)
  expect((await callApi(page, 'GET /clients', renewed)).status).toBe(200)
})

test('A key is rotated by keyboard alone, and the focus comes back', async ({ page, makeKey }) => {
  const operations = ['GET /clients']
  const { appId } = await makeKey('fleet-tracking', { note: 'By keys', operations })
  await openDeployment(page, 'fleet-tracking')
  const actions = page.getByRole('button', { name: `Actions for ${appId}` })
  await tabTo(page, actions)
  await page.keyboard.press('Enter')
  await page.getByRole('menuitem', { name: 'Rotate', exact: true }).press('Enter')
  const dialog = page.getByRole('dialog', { name: 'Rotate App Secret' })
  await tabTo(page, dialog.getByRole('radio', { name: 'In 24 hours' }))
  await page.keyboard.press('ArrowRight')
  await expect(dialog.getByRole('radio', { name: 'In 7 days' })).toBeChecked()
  await page.keyboard.press('Enter')
  await expect(rotated(page)).toBeVisible()
  await page.keyboard.press('Escape')
  await page.keyboard.press('Escape')
  await expect(rotated(page)).toBeHidden()
  await expect(actions).toBeFocused()
})

test('Keys of Serverless deployments are rotated and limited, and legacy keys are rotated', async ({
  page,
}) => {
  await openDeployment(page, 'home-sensors')
  await page.getByRole('button', { name: 'New API Key' }).click()
  const old = await readCredentials(page)
  await page.keyboard.press('Escape')
  await page.keyboard.press('Escape')
  await expect(resultDialog(page)).toBeHidden()
  const renewed = await rotate(page, old.appId, 'Now')
  expect((await callApi(page, 'GET /clients', old)).status).toBe(401)
  await chooseAction(page, old.appId, 'Expiry and addresses')
  const limits = page.getByRole('dialog', { name: 'Expiry and Addresses' })
  await expect(limits.getByRole('checkbox')).toHaveCount(0)
  await limits.getByLabel('Expires').selectOption('In 30 days')
  await limits.getByLabel('Allowed addresses').fill('203.0.113.0/24')
  await limits.getByRole('button', { name: 'Confirm' }).click()
  await expect(limits).toBeHidden()
  expect((await callApi(page, 'GET /clients', renewed)).status).toBe(403)
  await deleteKey(page, old.appId)

  await openDeployment(page, 'ferry-signals')
  const legacy = page.getByRole('button', { name: /^Replace… k/ }).last()
  const [, appId = ''] = ((await legacy.getAttribute('aria-label')) ?? '').split(' ')
  const taken = await rotate(page, appId, 'In 24 hours')
  expect((await callApi(page, 'GET /clients', taken)).status).toBe(200)
})
