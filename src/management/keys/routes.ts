import type { OpenAPIHono } from '@hono/zod-openapi'
import { formatEtag, requireIfMatch, parseIfMatch } from '../http/etag.ts'
import { getDeploymentKey, getPrincipal, type Guard, type ManagementEnv } from '../http/guard.ts'
import type { ManagementPorts } from '../ports.ts'
import {
  createApiKey,
  deleteApiKey,
  getApiKey,
  listApiKeys,
  requiredPermissions,
  updateApiKey,
} from './api-keys.ts'
import { endOldSecret, rotateApiKey } from './secrets.ts'
import { showSelf } from './self.ts'

/** Adds the handlers of API keys. */
export function addApiKeyRoutes(
  api: OpenAPIHono<ManagementEnv>,
  { on, demand }: Guard,
  ports: ManagementPorts,
): void {
  api.openapi(on('listApiKeys'), async (context) => {
    const { deploymentId } = context.req.valid('param')
    return context.json(await listApiKeys(ports, deploymentId, context.req.valid('query')), 200)
  })
  api.openapi(on('createApiKey'), async (context) => {
    const { deploymentId } = context.req.valid('param')
    const input = context.req.valid('json')
    const created = await createApiKey(ports, getPrincipal(context), deploymentId, input)
    context.header('etag', formatEtag(created.apiKey.version))
    const address = new URL(context.req.url).pathname
    context.header('location', `${address}/${created.apiKey.appId}`)
    return context.json(created, 201)
  })
  api.openapi(on('getApiKey'), async (context) => {
    const { deploymentId, appId } = context.req.valid('param')
    const apiKey = await getApiKey(ports, deploymentId, appId)
    context.header('etag', formatEtag(apiKey.version))
    return context.json(apiKey, 200)
  })
  api.openapi(on('updateApiKey'), async (context) => {
    const input = context.req.valid('json')
    for (const permission of requiredPermissions(input)) {
      await demand(context, 'updateApiKey', permission)
    }
    const version = requireIfMatch(context.req.valid('header')['if-match'])
    const target = { ...context.req.valid('param'), version }
    const apiKey = await updateApiKey(ports, getPrincipal(context), target, input)
    context.header('etag', formatEtag(apiKey.version))
    return context.json(apiKey, 200)
  })
  api.openapi(on('deleteApiKey'), async (context) => {
    const version = parseIfMatch(context.req.valid('header')['if-match'])
    await deleteApiKey(ports, getPrincipal(context), context.req.valid('param'), version)
    return context.body(null, 204)
  })
  api.openapi(on('rotateApiKey'), async (context) => {
    const version = requireIfMatch(context.req.valid('header')['if-match'])
    const target = { ...context.req.valid('param'), version }
    const rotation = context.req.valid('json')
    const rotated = await rotateApiKey(ports, getPrincipal(context), target, rotation)
    context.header('etag', formatEtag(rotated.apiKey.version))
    return context.json(rotated, 200)
  })
  api.openapi(on('endOldSecret'), async (context) => {
    const version = requireIfMatch(context.req.valid('header')['if-match'])
    const target = { ...context.req.valid('param'), version }
    const apiKey = await endOldSecret(ports, getPrincipal(context), target)
    context.header('etag', formatEtag(apiKey.version))
    return context.json(apiKey, 200)
  })
  api.openapi(on('getSelf'), async (context) => {
    return context.json(await showSelf(ports, getDeploymentKey(context)), 200)
  })
}
