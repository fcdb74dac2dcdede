import type { OpenAPIHono } from '@hono/zod-openapi'
import { callerOf, type Guard, type ManagementEnv } from '../http/guard.ts'
import { etagOf, requiredVersion, versionFrom } from '../http/problem-responses.ts'
import type { ManagementPorts } from '../ports.ts'
import {
  createApiKey,
  deleteApiKey,
  getApiKey,
  listApiKeys,
  permissionsFor,
  updateApiKey,
} from './api-keys.ts'

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
    const created = await createApiKey(ports, callerOf(context), deploymentId, input)
    context.header('etag', etagOf(created.apiKey.version))
    const address = new URL(context.req.url).pathname
    context.header('location', `${address}/${created.apiKey.appId}`)
    return context.json(created, 201)
  })
  api.openapi(on('getApiKey'), async (context) => {
    const { deploymentId, appId } = context.req.valid('param')
    const apiKey = await getApiKey(ports, deploymentId, appId)
    context.header('etag', etagOf(apiKey.version))
    return context.json(apiKey, 200)
  })
  api.openapi(on('updateApiKey'), async (context) => {
    const input = context.req.valid('json')
    for (const permission of permissionsFor(input)) {
      await demand(context, 'updateApiKey', permission)
    }
    const version = requiredVersion(context.req.valid('header')['if-match'])
    const target = { ...context.req.valid('param'), version }
    const apiKey = await updateApiKey(ports, callerOf(context), target, input)
    context.header('etag', etagOf(apiKey.version))
    return context.json(apiKey, 200)
  })
  api.openapi(on('deleteApiKey'), async (context) => {
    const version = versionFrom(context.req.valid('header')['if-match'])
    await deleteApiKey(ports, callerOf(context), context.req.valid('param'), version)
    return context.body(null, 204)
  })
}
