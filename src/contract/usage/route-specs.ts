import { createRoute } from '@hono/zod-openapi'
import {
  apiKeyId,
  body,
  deploymentId,
  ifMatch,
  json,
  noQuery,
  precondition,
  refusals,
} from '../http/route-spec-parts.ts'
import { apiKeySchema, createdApiKeySchema } from '../keys/schemas.ts'
import { rotationSchema, selfSchema } from '../keys/schemas.ts'
import { routes } from '../routes.ts'
import {
  accessCheckInputSchema,
  accessCheckSchema,
  keyHealthSchema,
  refusedCallsSchema,
  refusedCredentialsSchema,
  usageQuerySchema,
  usageSchema,
} from './schemas.ts'

/** How keys are used, checked and renewed. */
export const usageRouteSpecs = {
  rotateApiKey: createRoute({
    ...routes.rotateApiKey,
    summary: 'Give an API key a new secret; it is in this answer and nowhere else',
    request: { params: apiKeyId, query: noQuery, headers: ifMatch, body: body(rotationSchema) },
    responses: {
      ...refusals,
      ...precondition,
      200: json(createdApiKeySchema, 'The key with its new secret'),
    },
  }),
  endOldSecret: createRoute({
    ...routes.endOldSecret,
    summary: 'End the old secret of a rotated key now; its next call is refused',
    request: { params: apiKeyId, query: noQuery, headers: ifMatch },
    responses: { ...refusals, ...precondition, 200: json(apiKeySchema, 'As it is now') },
  }),
  getUsage: createRoute({
    ...routes.getUsage,
    summary: 'How an API key was used',
    request: { params: apiKeyId, query: usageQuerySchema },
    responses: { ...refusals, 200: json(usageSchema, 'Its calls, up to 10 seconds ago') },
  }),
  listRefusedCalls: createRoute({
    ...routes.listRefusedCalls,
    summary: 'Calls that an API key was refused, by operation, the newest first',
    request: { params: apiKeyId, query: noQuery },
    responses: { ...refusals, 200: json(refusedCallsSchema, 'What was refused') },
  }),
  checkAccess: createRoute({
    ...routes.checkAccess,
    summary: 'Whether an API key may make a call, by the rules of the gateway',
    request: { params: apiKeyId, query: noQuery, body: body(accessCheckInputSchema) },
    responses: { ...refusals, 200: json(accessCheckSchema, 'What the gateway would decide') },
  }),
  listRefusedCredentials: createRoute({
    ...routes.listRefusedCredentials,
    summary: 'Credentials that a deployment refused, by App ID, the newest first',
    request: { params: deploymentId, query: noQuery },
    responses: { ...refusals, 200: json(refusedCredentialsSchema, 'What was refused') },
  }),
  getKeyHealth: createRoute({
    ...routes.getKeyHealth,
    summary: 'What of the API keys of a deployment asks for attention',
    request: { params: deploymentId, query: noQuery },
    responses: { ...refusals, 200: json(keyHealthSchema, 'How many keys, by condition') },
  }),
  getSelf: createRoute({
    ...routes.getSelf,
    summary: 'What the API key is that makes this call (HTTP Basic)',
    request: { query: noQuery },
    responses: { ...refusals, 200: json(selfSchema, 'The key itself') },
  }),
} as const
