import { expect, type BrowserContext, type Locator, type Page } from '@playwright/test'
import type { Role } from '../../src/contract/accounts/roles.ts'
import { MANAGEMENT_BASE } from '../../src/contract/http/base-path.ts'

export type Person = { username: string; password: string }

let count = 0

/** A user name that no other test has; workers share one server. */
export function newUsername(role: string): string {
  count += 1
  return `${role}-${process.pid}-${count}`
}

/** Adds a user of this role, as the administrator who is signed in there. */
export async function addPerson({ request }: BrowserContext, role: Role): Promise<Person> {
  const person = { username: newUsername(role), password: `${newUsername('horse')} battery staple` }
  const data = { ...person, role }
  const answer = await request.post(`${MANAGEMENT_BASE}/users`, { data })
  expect(answer.status()).toBe(201)
  return person
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

/** Signs somebody in without the page for it; what is opened there next is theirs. */
export async function becomeSignedIn({ request }: BrowserContext, person: Person): Promise<void> {
  const answer = await request.post(`${MANAGEMENT_BASE}/session`, { data: person })
  expect(answer.status()).toBe(201)
}
