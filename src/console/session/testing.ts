import type { Role } from '../../contract/accounts/roles.ts'
import type { Session } from '../../contract/accounts/schemas.ts'

/** What tests sign in with: someone of this role. */
export function sessionAs(role: Role): Session {
  return {
    kind: 'user',
    id: 'u1',
    name: 'ada',
    role,
    hasPassword: true,
    address: '192.0.2.1',
    expiresAt: '2026-11-24T00:00:00.000Z',
  }
}
