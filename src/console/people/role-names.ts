import type { Role } from '../../contract/accounts/roles.ts'

/** What each role is called. */
export const roleNames: Readonly<Record<Role, string>> = {
  viewer: 'Viewer',
  operator: 'Operator',
  administrator: 'Administrator',
}

/** What each role may do, in a sentence. */
export const roleTexts: Readonly<Record<Role, string>> = {
  viewer: 'Sees deployments, API keys and Activity; changes nothing.',
  operator: 'Edits notes, rotates, disables and enables API keys.',
  administrator: 'Creates, edits and deletes keys, deployments, users and tokens.',
}
