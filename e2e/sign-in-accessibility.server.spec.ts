import { expect } from '@playwright/test'
import { expectAccessible, narrow } from './support/accessibility.ts'
import { addPerson, chooseAccountAction, fillIn, passwordField } from './support/accounts.ts'
import { test } from './support/fixtures.ts'

test.use(narrow)

test('Signing in and what a viewer sees are accessible', async ({ context: admin, newVisitor }) => {
  const person = await addPerson(admin, 'viewer')
  const page = await newVisitor()
  await page.goto('/sign-in?error=nameTaken')
  await expect(page.getByRole('alert')).toContainText('the name of another user')
  await expectAccessible(page, 'sign-in after a failure of OpenID')
  await fillIn(page, { ...person, password: 'not this one' })
  await expect(page.getByRole('alert')).toContainText('is wrong')
  await expectAccessible(page, 'wrong password')
  await passwordField(page).fill(person.password)
  await passwordField(page).press('Enter')
  const account = page.getByRole('button', { name: `Account of ${person.username}` })
  await account.click()
  await expectAccessible(page, 'account menu')
  await page.keyboard.press('Escape')

  await expectAccessible(page, 'menu out of reach', async () => {
    await page.getByRole('button', { name: 'Actions for plant-telemetry' }).click()
    await page.keyboard.press('End')
    await expect(page.getByText('Only administrators may remove deployments.')).toBeVisible()
  })
  await page.getByRole('link', { name: 'Users' }).click()
  await expect(page.getByText('You may not see the users')).toBeVisible()
  await expectAccessible(page, 'not allowed')

  await chooseAccountAction(page, person.username, 'Sign out everywhere')
  await expect(page.getByRole('alertdialog')).toBeVisible()
  await expectAccessible(page, 'sign out everywhere')
  await page.keyboard.press('Escape')
  await chooseAccountAction(page, person.username, 'Change password')
  await expect(page.getByRole('dialog', { name: 'Change password' })).toBeVisible()
  await expectAccessible(page, 'change password')
  await page.context().clearCookies()
  await page.getByLabel('Current password').fill('whatever it is')
  await page.getByLabel('New password').fill('correct horse battery')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog', { name: 'Sign in again' })).toBeVisible()
  await expectAccessible(page, 'sign in again, over another dialog')
})
