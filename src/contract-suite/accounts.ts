import assert from 'node:assert/strict'
import type { Role } from '../contract/accounts/roles.ts'
import {
  createdTokenSchema,
  userListSchema,
  userSchema,
  type CreatedAutomationToken,
  type User,
} from '../contract/accounts/schemas.ts'
import { call, type Host } from './host.ts'

/** A valid password. */
export const PASSWORD = 'correct horse battery staple'

/** The Authorization header with a token's secret (RFC 6750). */
export function bearer(secret: string): { authorization: string } {
  return { authorization: `Bearer ${secret}` }
}

export async function createToken(
  host: Host,
  role: Role,
  { name = `${role} token`, expiresAt = null as string | null } = {},
): Promise<CreatedAutomationToken> {
  const answer = await call(host, 'createToken', { json: { name, role, expiresAt } })
  assert.equal(answer.status, 201, answer.text)
  return createdTokenSchema.parse(JSON.parse(answer.text))
}

/** Runs something with a new token of this role, and deletes the token. */
export async function withToken(
  host: Host,
  role: Role,
  act: (headers: { authorization: string }, created: CreatedAutomationToken) => Promise<void>,
): Promise<void> {
  const created = await createToken(host, role)
  try {
    await act(bearer(created.secret), created)
  } finally {
    await call(host, 'deleteToken', { params: { tokenId: created.token.id } })
  }
}

export async function createUser(host: Host, username: string, role: Role): Promise<User> {
  const answer = await call(host, 'createUser', { json: { username, password: PASSWORD, role } })
  assert.equal(answer.status, 201, answer.text)
  return userSchema.parse(JSON.parse(answer.text))
}

export async function listUsers(host: Host): Promise<User[]> {
  return userListSchema.parse(JSON.parse((await call(host, 'listUsers')).text)).items
}
