import type { Role } from '../../contract/accounts/roles.ts'
import type { Session } from '../../contract/accounts/schemas.ts'
import type { Deployment } from '../../contract/deployments/schemas.ts'

/** A session of a user with this role, who signs in with a password. */
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

/** A new deployment with an embedded broker, at revision 3. */
export const deployment: Deployment = {
  id: 'plant',
  name: 'plant',
  plan: 'dedicated',
  version: 'v5',
  backend: { kind: 'embedded' },
  status: 'running',
  startedAt: null,
  region: null,
  apiBaseUrl: 'http://localhost/plant/api/v5',
  connection: { host: 'localhost', listeners: [] },
  sessions: null,
  apiKeyCount: 0,
  lastApiCallAt: null,
  createdAt: '2026-11-23T12:00:00.000Z',
  revision: 3,
}
