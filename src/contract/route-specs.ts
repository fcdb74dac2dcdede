import { createRoute } from '@hono/zod-openapi'
import { accountRouteSpecs } from './accounts/route-specs.ts'
import { activityRouteSpecs } from './activity/route-specs.ts'
import { catalogSchema } from './catalog/schemas.ts'
import {
  deploymentInputSchema,
  deploymentListSchema,
  deploymentPatchSchema,
  deploymentSchema,
  figuresSchema,
} from './deployments/schemas.ts'
import {
  apiKeyId,
  body,
  deploymentId,
  ifMatch,
  json,
  noQuery,
  precondition,
  refusals,
} from './http/route-spec-parts.ts'
import {
  apiKeyInputSchema,
  apiKeyPageSchema,
  apiKeyPatchSchema,
  apiKeyQuerySchema,
  apiKeySchema,
  createdApiKeySchema,
} from './keys/schemas.ts'
import { routes } from './routes.ts'
import { usageRouteSpecs } from './usage/route-specs.ts'

/** Every route of the management API with its parameters, body and answers, by its name. */
export const routeSpecs = {
  ...accountRouteSpecs,
  ...activityRouteSpecs,
  ...usageRouteSpecs,
  listDeployments: createRoute({
    ...routes.listDeployments,
    summary: 'List the deployments',
    request: { query: noQuery },
    responses: { ...refusals, 200: json(deploymentListSchema, 'Every deployment, by name') },
  }),
  createDeployment: createRoute({
    ...routes.createDeployment,
    summary: 'Add a deployment; an EMQX endpoint is tried first',
    request: { query: noQuery, body: body(deploymentInputSchema) },
    responses: { ...refusals, 201: json(deploymentSchema, 'The new deployment') },
  }),
  getDeployment: createRoute({
    ...routes.getDeployment,
    summary: 'One deployment',
    request: { params: deploymentId, query: noQuery },
    responses: { ...refusals, 200: json(deploymentSchema, 'The deployment') },
  }),
  updateDeployment: createRoute({
    ...routes.updateDeployment,
    summary: 'Rename a deployment',
    request: {
      params: deploymentId,
      query: noQuery,
      headers: ifMatch,
      body: body(deploymentPatchSchema),
    },
    responses: { ...refusals, ...precondition, 200: json(deploymentSchema, 'As it is now') },
  }),
  deleteDeployment: createRoute({
    ...routes.deleteDeployment,
    summary: 'Remove a deployment and its keys',
    request: { params: deploymentId, query: noQuery, headers: ifMatch },
    responses: { ...refusals, ...precondition, 204: { description: 'Removed' } },
  }),
  getFigures: createRoute({
    ...routes.getFigures,
    summary: 'Live figures of a deployment',
    request: { params: deploymentId, query: noQuery },
    responses: { ...refusals, 200: json(figuresSchema, 'The figures now') },
  }),
  getCatalog: createRoute({
    ...routes.getCatalog,
    summary: 'The operations of a deployment, by category',
    request: { params: deploymentId, query: noQuery },
    responses: { ...refusals, 200: json(catalogSchema, 'The catalog') },
  }),
  listApiKeys: createRoute({
    ...routes.listApiKeys,
    summary: "List a deployment's API keys",
    request: { params: deploymentId, query: apiKeyQuerySchema },
    responses: { ...refusals, 200: json(apiKeyPageSchema, 'A page of keys') },
  }),
  createApiKey: createRoute({
    ...routes.createApiKey,
    summary: 'Create an API key; its secret is in this answer and nowhere else',
    request: { params: deploymentId, query: noQuery, body: body(apiKeyInputSchema) },
    responses: { ...refusals, 201: json(createdApiKeySchema, 'The new key with its secret') },
  }),
  getApiKey: createRoute({
    ...routes.getApiKey,
    summary: 'One API key',
    request: { params: apiKeyId, query: noQuery },
    responses: { ...refusals, 200: json(apiKeySchema, 'The key') },
  }),
  updateApiKey: createRoute({
    ...routes.updateApiKey,
    summary: 'Change, disable or enable an API key; what is not sent stays',
    request: { params: apiKeyId, query: noQuery, headers: ifMatch, body: body(apiKeyPatchSchema) },
    responses: { ...refusals, ...precondition, 200: json(apiKeySchema, 'As it is now') },
  }),
  deleteApiKey: createRoute({
    ...routes.deleteApiKey,
    summary: 'Delete an API key; its next call is refused',
    request: { params: apiKeyId, query: noQuery, headers: ifMatch },
    responses: { ...refusals, ...precondition, 204: { description: 'Deleted' } },
  }),
} as const
