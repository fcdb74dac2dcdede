import { apiKeyId, body, deploymentId, ifMatch, json, type RouteTable } from '../http/route.ts'
import {
  apiKeyInputSchema,
  apiKeyPageSchema,
  apiKeyPatchSchema,
  apiKeyQuerySchema,
  apiKeySchema,
  createdApiKeySchema,
  rotationSchema,
  selfSchema,
} from './schemas.ts'

/** API keys and their secrets. */
export const keyRoutes = {
  listApiKeys: {
    method: 'get',
    path: '/deployments/{deploymentId}/api-keys',
    requires: 'apiKeys.view',
    summary: "List a deployment's API keys",
    request: { params: deploymentId, query: apiKeyQuerySchema },
    responses: { 200: json(apiKeyPageSchema, 'A page of keys') },
  },
  createApiKey: {
    method: 'post',
    path: '/deployments/{deploymentId}/api-keys',
    requires: 'apiKeys.manage',
    summary: 'Create an API key; its secret is in this answer and nowhere else',
    request: { params: deploymentId, body: body(apiKeyInputSchema) },
    responses: { 201: json(createdApiKeySchema, 'The new key with its secret') },
  },
  getApiKey: {
    method: 'get',
    path: '/deployments/{deploymentId}/api-keys/{appId}',
    requires: 'apiKeys.view',
    summary: 'One API key',
    request: { params: apiKeyId },
    responses: { 200: json(apiKeySchema, 'The key') },
  },
  updateApiKey: {
    method: 'patch',
    path: '/deployments/{deploymentId}/api-keys/{appId}',
    // For the note; the handler demands more for other fields.
    requires: 'apiKeys.annotate',
    summary: 'Change, disable or enable an API key; what is not sent stays',
    request: { params: apiKeyId, headers: ifMatch, body: body(apiKeyPatchSchema) },
    responses: { 200: json(apiKeySchema, 'As it is now') },
  },
  deleteApiKey: {
    method: 'delete',
    path: '/deployments/{deploymentId}/api-keys/{appId}',
    requires: 'apiKeys.manage',
    summary: 'Delete an API key; its next call is refused',
    request: { params: apiKeyId, headers: ifMatch },
    responses: { 204: { description: 'Deleted' } },
  },
  rotateApiKey: {
    method: 'post',
    path: '/deployments/{deploymentId}/api-keys/{appId}/rotate',
    requires: 'apiKeys.rotate',
    summary: 'Give an API key a new secret; it is in this answer and nowhere else',
    request: { params: apiKeyId, headers: ifMatch, body: body(rotationSchema) },
    responses: { 200: json(createdApiKeySchema, 'The key with its new secret') },
  },
  endOldSecret: {
    method: 'delete',
    path: '/deployments/{deploymentId}/api-keys/{appId}/old-secret',
    requires: 'apiKeys.rotate',
    summary: 'End the old secret of a rotated key now; its next call is refused',
    request: { params: apiKeyId, headers: ifMatch },
    responses: { 200: json(apiKeySchema, 'As it is now') },
  },
  getSelf: {
    method: 'get',
    path: '/self',
    requires: 'deploymentKey',
    summary: 'What the API key is that makes this call (HTTP Basic)',
    responses: { 200: json(selfSchema, 'The key itself') },
  },
} as const satisfies RouteTable
