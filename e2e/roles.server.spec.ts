import { expect } from '@playwright/test'
import { addPerson, becomeSignedIn } from './support/accounts.ts'
import { test } from './support/fixtures.ts'
import { chooseAction, keyRow, openDeployment } from './support/keys.ts'

test('A viewer sees everything but users and tokens, and changes nothing', async ({
  context: admin,
  newVisitor,
  makeKey,
}) => {
  const operations = ['GET /clients']
  const { appId } = await makeKey('grid-metering', { note: 'Looked at', operations })
  const page = await newVisitor()
  await becomeSignedIn(page.context(), await addPerson(admin, 'viewer'))
  await page.goto('/')

  const add = page.getByRole('button', { name: 'Add deployment' })
  await expect(add).toHaveAttribute('aria-disabled', 'true')
  await expect(add).toHaveAccessibleDescription('Only administrators may add deployments.')
  await add.press('Enter')
  await expect(page.getByText('Only administrators may add deployments.')).toBeVisible()
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await page.getByRole('button', { name: 'Actions for grid-metering' }).click()
  const reasons = [
    ['Rename', 'Only administrators may rename deployments.'],
    ['Remove', 'Only administrators may remove deployments.'],
  ] as const
  for (const [name, reason] of reasons) {
    await expect(page.getByRole('menuitem', { name })).toHaveAccessibleDescription(reason)
  }
  await page.keyboard.press('Escape')

  await openDeployment(page, 'grid-metering')
  await expect(page.getByRole('button', { name: 'New API Key' })).toHaveAccessibleDescription(
    'Only administrators may create API keys.',
  )
  await page.getByRole('button', { name: `View access of ${appId}` }).click()
  await expect(page.getByText('/clients', { exact: true })).toBeVisible()
  await page.getByRole('button', { name: `Actions for ${appId}` }).click()
  for (const [name, reason] of [
    ['Edit', 'Only operators and administrators may edit API keys.'],
    ['Duplicate', 'Only administrators may create API keys.'],
    ['Disable', 'Only operators and administrators may disable API keys.'],
    ['Delete', 'Only administrators may delete API keys.'],
  ] as const) {
    await expect(page.getByRole('menuitem', { name })).toHaveAccessibleDescription(reason)
  }
  await page.getByRole('menuitem', { name: 'Delete' }).press('Enter')
  await expect(page.getByRole('alertdialog')).toHaveCount(0)
  // One reason after the other shows; the menu stays.
  await expect(page.getByText('Only administrators may delete API keys.')).toBeVisible()
  await page.keyboard.press('Home')
  await expect(page.getByText('Only administrators may delete API keys.')).toBeHidden()
  await expect(page.getByText('Only operators and administrators may edit API keys.')).toBeVisible()
  await page.getByRole('menuitem', { name: 'Activity' }).click()
  await expect(page.getByRole('heading', { name: `Activity of ${appId}` })).toBeVisible()
  await expect(page.getByRole('row', { name: /created the API key/ })).toBeVisible()

  for (const [link, things] of [
    ['Users', 'users'],
    ['Automation tokens', 'automation tokens'],
  ] as const) {
    await page.getByRole('link', { name: link }).click()
    await expect(page.getByText(`You may not see the ${things}`)).toBeVisible()
    await expect(page.getByText(`Only administrators may see the ${things}.`)).toBeVisible()
  }
  // To look at a page is no attempt to do what one may not.
  await page.getByRole('link', { name: 'Activity' }).click()
  await page.getByRole('combobox', { name: 'About' }).selectOption('request')
  await expect(page.getByText(/GET \/(users|tokens)/)).toHaveCount(0)
})

test('An operator edits the note, disables and enables, and changes no access', async ({
  context: admin,
  newVisitor,
  makeKey,
}) => {
  const operations = ['GET /clients', 'GET /subscriptions']
  const { appId } = await makeKey('grid-metering', { note: 'For the operator', operations })
  const page = await newVisitor()
  await becomeSignedIn(page.context(), await addPerson(admin, 'operator'))
  await openDeployment(page, 'grid-metering')
  await chooseAction(page, appId, 'Edit')
  const dialog = page.getByRole('dialog', { name: 'Edit API Key' })
  await expect(
    dialog.getByText('Only administrators may change what a key may call.'),
  ).toBeVisible()
  await expect(dialog.getByRole('group', { name: 'API Permissions' })).toContainText(
    '/subscriptions',
  )
  await expect(dialog.getByRole('checkbox')).toHaveCount(0)
  await expect(dialog.getByRole('radio')).toHaveCount(0)
  await dialog.getByLabel('Note').fill('By the operator')
  await dialog.getByRole('button', { name: 'Confirm' }).click()
  await expect(dialog).toBeHidden()
  const row = keyRow(page, appId)
  await expect(row).toContainText('By the operator')
  await expect(row).toContainText('2 of 77 endpoints')

  await chooseAction(page, appId, 'Disable')
  const question = page.getByRole('alertdialog', { name: 'Disable API Key' })
  await question.getByRole('button', { name: 'Disable' }).click()
  await expect(row).toContainText('Disabled')
  await chooseAction(page, appId, 'Enable')
  await expect(row).toContainText('Active')
  await expect(page.getByText(`${appId} is enabled.`)).toBeVisible()
})

test('A change of role holds from the next request on', async ({
  page: admin,
  context,
  newVisitor,
}) => {
  const person = await addPerson(context, 'administrator')
  const { username } = person
  const page = await newVisitor()
  await becomeSignedIn(page.context(), person)
  await page.goto('/')
  await page.getByRole('button', { name: 'Add deployment' }).click()
  const dialog = page.getByRole('dialog', { name: 'Add deployment' })
  await dialog.getByLabel('Name').fill('Too late')

  await admin.goto('/users')
  await admin.getByRole('button', { name: `Actions for ${username}` }).click()
  await admin.getByRole('menuitem', { name: 'Change role' }).click()
  await admin.getByRole('radio', { name: /^Viewer/ }).check()
  await admin.getByRole('dialog').getByRole('button', { name: 'Change role' }).click()
  await expect(admin.getByRole('row').filter({ hasText: username })).toContainText('Viewer')

  await dialog.getByRole('button', { name: 'Add deployment' }).click()
  await expect(dialog.getByRole('alert')).toContainText('Only administrators may do this.')
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await expect(page.getByRole('button', { name: 'Add deployment' })).toHaveAccessibleDescription(
    'Only administrators may add deployments.',
  )
})
