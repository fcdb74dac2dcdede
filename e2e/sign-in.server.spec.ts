import { expect } from '@playwright/test'
import {
  accountButton,
  addPerson,
  chooseAccountAction,
  fillIn,
  passwordField,
  signIn,
} from './support/accounts.ts'
import { test } from './support/fixtures.ts'
import { tabTo } from './support/keyboard.ts'
import { keyRow, openDeployment, operationBox, takeDown } from './support/keys.ts'

test('A person signs in, goes on where they wanted to go, and signs out', async ({
  context: admin,
  newVisitor,
}) => {
  const person = await addPerson(admin, 'viewer')
  const page = await newVisitor()
  await page.goto('/activity?subject=apiKey')
  await expect(page.getByRole('heading', { name: 'Sign in to Latchkey' })).toBeVisible()
  await expect(page.getByLabel('User name')).toBeFocused()
  await signIn(page, person)
  await expect(page).toHaveURL('/activity?subject=apiKey')
  await expect(page.getByRole('combobox', { name: 'About' })).toHaveValue('apiKey')

  await page.goto('/sign-in')
  await expect(page).toHaveURL('/deployments')
  await chooseAccountAction(page, person.username, 'Sign out')
  await expect(page.getByRole('heading', { name: 'Sign in to Latchkey' })).toBeVisible()
  await page.goBack()
  await expect(page.getByRole('heading', { name: 'Sign in to Latchkey' })).toBeVisible()
  await page.goto('/deployments')
  await expect(page).toHaveURL('/sign-in?next=%2Fdeployments')
})

test('The sign-in page leads nowhere else', async ({ context: admin, newVisitor }) => {
  const person = await addPerson(admin, 'viewer')
  const page = await newVisitor()
  await page.goto('/sign-in?next=https%3A%2F%2Fevil.example%2F')
  await signIn(page, person)
  await expect(page).toHaveURL('/deployments')
})

test('A wrong password is said to be wrong, and guessing has to wait', async ({
  context: admin,
  newVisitor,
}) => {
  const person = await addPerson(admin, 'viewer')
  const page = await newVisitor()
  await page.goto('/')
  await fillIn(page, { ...person, password: 'not this one' })
  await expect(page.getByRole('alert')).toContainText('User name or password is wrong')
  await expect(passwordField(page)).toBeFocused()

  const throttled = page.getByText('Too many tries. You can go on in')
  const button = page.getByRole('button', { name: 'Sign in', exact: true })
  await expect(async () => {
    await button.click()
    await expect(throttled).toBeVisible({ timeout: 1000 })
  }).toPass()
  await expect(button).toHaveAccessibleDescription('Wait until the time is over')
  await expect(throttled).toBeHidden()
  await signIn(page, person)
})

test('A session that ends leaves the work as it is, and it goes on after signing in', async ({
  context: admin,
  newVisitor,
}) => {
  const person = await addPerson(admin, 'administrator')
  const page = await newVisitor()
  await page.goto('/')
  await signIn(page, person)
  await openDeployment(page, 'grid-metering')
  await page.getByRole('button', { name: 'New API Key' }).click()
  const form = page.getByRole('dialog', { name: 'New API Key' })
  await form.getByLabel('Note').fill('Typed before')
  await operationBox(form, 'GET /clients').check()
  const confirm = await form.getByRole('button', { name: 'Confirm' }).elementHandle()
  await page.context().clearCookies()
  // Where a poll has found it out before, the button is out of a pointer's reach.
  await confirm?.dispatchEvent('click')

  const again = page.getByRole('dialog', { name: 'Sign in again' })
  await expect(again.getByLabel('User name')).toHaveValue(person.username)
  await expect(passwordField(again)).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(again).toBeVisible()
  await page.keyboard.type(person.password)
  await page.keyboard.press('Enter')
  await expect(again).toBeHidden()

  await expect(form.getByRole('alert')).toHaveCount(0)
  await expect(form.getByLabel('Note')).toHaveValue('Typed before')
  await expect(operationBox(form, 'GET /clients')).toBeChecked()
  await form.getByRole('button', { name: 'Confirm' }).click()
  const { appId } = await takeDown(page)
  await expect(keyRow(page, appId)).toContainText('Typed before')
})

test('Signing out everywhere ends the session in another browser', async ({
  context: admin,
  newVisitor,
}) => {
  const person = await addPerson(admin, 'viewer')
  const [here, there] = [await newVisitor(), await newVisitor()]
  for (const page of [here, there]) {
    await page.goto('/')
    await signIn(page, person)
  }
  await chooseAccountAction(here, person.username, 'Sign out everywhere')
  const question = here.getByRole('alertdialog')
  await expect(question.getByRole('button', { name: 'Cancel' })).toBeFocused()
  await question.getByRole('button', { name: 'Sign out everywhere' }).click()
  await expect(here.getByRole('heading', { name: 'Sign in to Latchkey' })).toBeVisible()
  await expect(there.getByRole('dialog', { name: 'Sign in again' })).toBeVisible()
})

test('A changed password is the one that counts, and other sessions end', async ({
  context: admin,
  newVisitor,
}) => {
  const person = await addPerson(admin, 'operator')
  const [page, other] = [await newVisitor(), await newVisitor()]
  for (const one of [page, other]) {
    await one.goto('/')
    await signIn(one, person)
  }
  await chooseAccountAction(page, person.username, 'Change password')
  const dialog = page.getByRole('dialog', { name: 'Change password' })
  await dialog.getByLabel('Current password').fill('not this one')
  await dialog.getByLabel('New password').fill('too short')
  await dialog.getByRole('button', { name: 'Change password' }).click()
  await expect(dialog.getByLabel('New password')).toHaveAccessibleDescription(/12 characters/)
  await dialog.getByLabel('New password').fill('a far longer password')
  await dialog.getByRole('button', { name: 'Change password' }).click()
  await expect(dialog.getByLabel('Current password')).toHaveAccessibleDescription(
    /not your current/,
  )
  await dialog.getByLabel('Current password').fill(person.password)
  await dialog.getByRole('button', { name: 'Change password' }).click()
  await expect(dialog).toBeHidden()
  await expect(accountButton(page, person.username)).toBeFocused()

  const again = other.getByRole('dialog', { name: 'Sign in again' })
  await expect(again).toBeVisible()
  await passwordField(again).fill('a far longer password')
  await again.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(again).toBeHidden()
})

test('Signing in and out needs no mouse', async ({ context: admin, newVisitor }) => {
  const person = await addPerson(admin, 'viewer')
  const page = await newVisitor()
  await page.goto('/')
  await expect(page.getByLabel('User name')).toBeFocused()
  await page.keyboard.type(person.username)
  await page.keyboard.press('Tab')
  await page.keyboard.type(person.password)
  await tabTo(page, page.getByRole('button', { name: 'Show password' }))
  await page.keyboard.press('Enter')
  await expect(passwordField(page)).toHaveAttribute('type', 'text')
  await tabTo(page, page.getByRole('button', { name: 'Sign in', exact: true }))
  await page.keyboard.press('Enter')
  await expect(page.locator('main')).toBeFocused()

  await tabTo(page, accountButton(page, person.username), 'Shift+Tab')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('menuitem', { name: 'Change password' })).toBeFocused()
  await page.keyboard.press('s')
  await expect(page.getByRole('menuitem', { name: 'Sign out', exact: true })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.getByLabel('User name')).toBeFocused()
})
