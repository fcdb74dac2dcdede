/** Where the management API lives. */
export const MANAGEMENT_BASE = '/api/v1'

/**
 * Every route of the management API: method and path template below {@link MANAGEMENT_BASE}.
 * Their parameters, bodies and answers stand in `route-specs.ts`, what they ask of the caller
 * in `requirements.ts`; this table is apart from them so that the console's first load carries
 * no schema.
 */
export const routes = {
  getSignInOptions: { method: 'get', path: '/session/options' },
  createSession: { method: 'post', path: '/session' },
  getSession: { method: 'get', path: '/session' },
  deleteSession: { method: 'delete', path: '/session' },
  deleteSessions: { method: 'delete', path: '/sessions' },
  changePassword: { method: 'put', path: '/session/password' },
  startOpenId: { method: 'get', path: '/session/openid' },
  finishOpenId: { method: 'get', path: '/session/openid/callback' },

  listUsers: { method: 'get', path: '/users' },
  createUser: { method: 'post', path: '/users' },
  getUser: { method: 'get', path: '/users/{userId}' },
  updateUser: { method: 'patch', path: '/users/{userId}' },
  deleteUser: { method: 'delete', path: '/users/{userId}' },

  listTokens: { method: 'get', path: '/tokens' },
  createToken: { method: 'post', path: '/tokens' },
  deleteToken: { method: 'delete', path: '/tokens/{tokenId}' },

  listActivity: { method: 'get', path: '/activity' },
  exportActivity: { method: 'get', path: '/activity.csv' },

  listDeployments: { method: 'get', path: '/deployments' },
  createDeployment: { method: 'post', path: '/deployments' },
  getDeployment: { method: 'get', path: '/deployments/{deploymentId}' },
  updateDeployment: { method: 'patch', path: '/deployments/{deploymentId}' },
  deleteDeployment: { method: 'delete', path: '/deployments/{deploymentId}' },
  getFigures: { method: 'get', path: '/deployments/{deploymentId}/figures' },
  getCatalog: { method: 'get', path: '/deployments/{deploymentId}/catalog' },
  listApiKeys: { method: 'get', path: '/deployments/{deploymentId}/api-keys' },
  createApiKey: { method: 'post', path: '/deployments/{deploymentId}/api-keys' },
  getApiKey: { method: 'get', path: '/deployments/{deploymentId}/api-keys/{appId}' },
  updateApiKey: { method: 'patch', path: '/deployments/{deploymentId}/api-keys/{appId}' },
  deleteApiKey: { method: 'delete', path: '/deployments/{deploymentId}/api-keys/{appId}' },
  rotateApiKey: { method: 'post', path: '/deployments/{deploymentId}/api-keys/{appId}/rotate' },
  endOldSecret: {
    method: 'delete',
    path: '/deployments/{deploymentId}/api-keys/{appId}/old-secret',
  },
  getUsage: { method: 'get', path: '/deployments/{deploymentId}/api-keys/{appId}/usage' },
  listRefusedCalls: {
    method: 'get',
    path: '/deployments/{deploymentId}/api-keys/{appId}/refused-calls',
  },
  checkAccess: {
    method: 'post',
    path: '/deployments/{deploymentId}/api-keys/{appId}/access-check',
  },
  listRefusedCredentials: {
    method: 'get',
    path: '/deployments/{deploymentId}/refused-credentials',
  },
  getKeyHealth: { method: 'get', path: '/deployments/{deploymentId}/key-health' },

  getSelf: { method: 'get', path: '/self' },
} as const

export type RouteName = keyof typeof routes
