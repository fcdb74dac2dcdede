import { deploymentId, json, type RouteTable } from '../http/route.ts'
import { catalogSchema } from './schemas.ts'

/** The operations of a deployment's API. */
export const catalogRoutes = {
  getCatalog: {
    method: 'get',
    path: '/deployments/{deploymentId}/catalog',
    requires: 'deployments.view',
    summary: 'The operations of a deployment, by category',
    request: { params: deploymentId },
    responses: { 200: json(catalogSchema, 'The catalog') },
  },
} as const satisfies RouteTable
