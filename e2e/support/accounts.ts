import { expect, type Browser, type Locator, type Page } from '@playwright/test'
import type { Role } from '../../src/contract/roles.ts'
import { fetchInPage } from './fetch-in-page.ts'

export type Person = { username: string; password: string }

let count = 0

/** A user name that no other test has; workers share one server. */
export function newUsername(role: string): string {
  count += 1
  return `${role}-${process.pid}-${count}`
}

/** Adds a user of this role, as the administrator that the page belongs to. */
export async function addPerson(page: Page, role: Role): Promise<Person> {
  const person = { username: newUsername(role), password: `${newUsername('horse')} battery staple` }
  if (page.url() === 'about:blank') await page.goto('/')
  const { status } = await fetchInPage(page, 'POST', '/api/v1/users', {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...person, role }),
  })
  expect(status).toBe(201)
  return person
}

/** A page of a browser in which nobody is signed in. */
export async function newVisitor(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ storageState: { cookies: [], origins: [] } })
  return context.newPage()
}

/** Fills in the sign-in page and waits until it has let them in. */
export async function signIn(page: Page, person: Person): Promise<void> {
  await fillIn(page, person)
  await expect(accountButton(page, person.username)).toBeVisible()
}

/** Fills in the sign-in page and sends it. */
export async function fillIn(page: Page | Locator, { username, password }: Person): Promise<void> {
  await page.getByLabel('User name').fill(username)
  await passwordField(page).fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}

export function passwordField(page: Page | Locator): Locator {
  return page.getByLabel('Password', { exact: true })
}

export function accountButton(page: Page, username: string): Locator {
  return page.getByRole('button', { name: `Account of ${username}` })
}

/** Chooses an action of the account menu. */
export async function chooseAccountAction(
  page: Page,
  username: string,
  action: string,
): Promise<void> {
  await accountButton(page, username).click()
  await page.getByRole('menuitem', { name: action, exact: true }).click()
}

/** A page on which someone of this role is signed in. */
export async function pageAs(browser: Browser, administrator: Page, role: Role): Promise<Page> {
  const person = await addPerson(administrator, role)
  const page = await newVisitor(browser)
  await page.goto('/')
  await signIn(page, person)
  return page
}
