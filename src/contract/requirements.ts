import type { Permission } from './accounts/roles.ts'
import type { RouteName } from './routes.ts'

/**
 * What a route asks of its caller: nothing, to be known (as a person or an automation token),
 * to be signed in as a person, a permission, or the Basic credentials of a deployment key.
 */
export type Requirement = 'nothing' | 'anyone' | 'person' | 'deploymentKey' | Permission

/** What each route of the management API asks of its caller. Enforced before anything else. */
export const requirements = {
  getSignInOptions: 'nothing',
  createSession: 'nothing',
  getSession: 'anyone',
  deleteSession: 'person',
  deleteSessions: 'person',
  changePassword: 'person',
  startOpenId: 'nothing',
  finishOpenId: 'nothing',

  listUsers: 'users.manage',
  createUser: 'users.manage',
  getUser: 'users.manage',
  updateUser: 'users.manage',
  deleteUser: 'users.manage',

  listTokens: 'tokens.manage',
  createToken: 'tokens.manage',
  deleteToken: 'tokens.manage',

  listActivity: 'activity.view',
  exportActivity: 'activity.view',

  listDeployments: 'deployments.view',
  createDeployment: 'deployments.manage',
  getDeployment: 'deployments.view',
  updateDeployment: 'deployments.manage',
  deleteDeployment: 'deployments.manage',
  getFigures: 'deployments.view',
  getCatalog: 'deployments.view',
  listApiKeys: 'apiKeys.view',
  createApiKey: 'apiKeys.manage',
  getApiKey: 'apiKeys.view',
  // For the note; a change of the access needs `apiKeys.manage` as well.
  updateApiKey: 'apiKeys.annotate',
  deleteApiKey: 'apiKeys.manage',
  rotateApiKey: 'apiKeys.rotate',
  endOldSecret: 'apiKeys.rotate',
  getUsage: 'apiKeys.view',
  listRefusedCalls: 'apiKeys.view',
  checkAccess: 'apiKeys.view',
  listRefusedCredentials: 'apiKeys.view',
  getKeyHealth: 'apiKeys.view',

  getSelf: 'deploymentKey',
} as const satisfies Record<RouteName, Requirement>
