import { apiKeyId, body, deploymentId, json, type RouteTable } from '../http/route.ts'
import {
  accessCheckInputSchema,
  accessCheckSchema,
  keyHealthSchema,
  refusedCallsSchema,
  refusedCredentialsSchema,
  usageQuerySchema,
  usageSchema,
} from './schemas.ts'

/** How API keys are used, and what they may call. */
export const usageRoutes = {
  getUsage: {
    method: 'get',
    path: '/deployments/{deploymentId}/api-keys/{appId}/usage',
    requires: 'apiKeys.view',
    summary: 'How an API key was used',
    request: { params: apiKeyId, query: usageQuerySchema },
    responses: { 200: json(usageSchema, 'Its calls, up to 10 seconds ago') },
  },
  listRefusedCalls: {
    method: 'get',
    path: '/deployments/{deploymentId}/api-keys/{appId}/refused-calls',
    requires: 'apiKeys.view',
    summary: 'Calls that an API key was refused, by operation, the newest first',
    request: { params: apiKeyId },
    responses: { 200: json(refusedCallsSchema, 'What was refused') },
  },
  checkAccess: {
    method: 'post',
    path: '/deployments/{deploymentId}/api-keys/{appId}/access-check',
    requires: 'apiKeys.view',
    summary: 'Whether an API key may make a call, by the rules of the gateway',
    request: { params: apiKeyId, body: body(accessCheckInputSchema) },
    responses: { 200: json(accessCheckSchema, 'What the gateway would decide') },
  },
  listRefusedCredentials: {
    method: 'get',
    path: '/deployments/{deploymentId}/refused-credentials',
    requires: 'apiKeys.view',
    summary: 'Credentials that a deployment refused, by App ID, the newest first',
    request: { params: deploymentId },
    responses: { 200: json(refusedCredentialsSchema, 'What was refused') },
  },
  getKeyHealth: {
    method: 'get',
    path: '/deployments/{deploymentId}/key-health',
    requires: 'apiKeys.view',
    summary: 'What of the API keys of a deployment asks for attention',
    request: { params: deploymentId },
    responses: { 200: json(keyHealthSchema, 'How many keys, by condition') },
  },
} as const satisfies RouteTable
