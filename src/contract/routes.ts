/** Where the management API lives. */
export const MANAGEMENT_BASE = '/api/v1'

/**
 * Every route of the management API: method and path template below {@link MANAGEMENT_BASE}.
 * Their parameters, bodies and answers stand in `route-specs.ts`; this table is apart from
 * them so that the console's first load carries no schema.
 */
export const routes = {
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
} as const

export type RouteName = keyof typeof routes
