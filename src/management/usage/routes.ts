import type { OpenAPIHono } from '@hono/zod-openapi'
import { callerOf, keyOf, type Guard, type ManagementEnv } from '../http/guard.ts'
import { etagOf, requiredVersion } from '../http/problem-responses.ts'
import { endOldSecret, rotateApiKey } from '../keys/secrets.ts'
import { showSelf } from '../keys/self.ts'
import type { ManagementPorts } from '../ports.ts'
import { checkAccess } from './access-check.ts'
import { getKeyHealth, getUsage, listRefusedCalls, listRefusedCredentials } from './usage.ts'

export function addUsageRoutes(
  api: OpenAPIHono<ManagementEnv>,
  { on }: Guard,
  ports: ManagementPorts,
): void {
  api.openapi(on('rotateApiKey'), async (context) => {
    const version = requiredVersion(context.req.valid('header')['if-match'])
    const target = { ...context.req.valid('param'), version }
    const rotation = context.req.valid('json')
    const rotated = await rotateApiKey(ports, callerOf(context), target, rotation)
    context.header('etag', etagOf(rotated.apiKey.version))
    return context.json(rotated, 200)
  })
  api.openapi(on('endOldSecret'), async (context) => {
    const version = requiredVersion(context.req.valid('header')['if-match'])
    const target = { ...context.req.valid('param'), version }
    const apiKey = await endOldSecret(ports, callerOf(context), target)
    context.header('etag', etagOf(apiKey.version))
    return context.json(apiKey, 200)
  })
  api.openapi(on('getUsage'), async (context) => {
    const days = Number(context.req.valid('query').days)
    return context.json(await getUsage(ports, context.req.valid('param'), days), 200)
  })
  api.openapi(on('listRefusedCalls'), async (context) => {
    return context.json(await listRefusedCalls(ports, context.req.valid('param')), 200)
  })
  api.openapi(on('checkAccess'), async (context) => {
    const call = context.req.valid('json')
    return context.json(await checkAccess(ports, context.req.valid('param'), call), 200)
  })
  api.openapi(on('listRefusedCredentials'), async (context) => {
    const { deploymentId } = context.req.valid('param')
    return context.json(await listRefusedCredentials(ports, deploymentId), 200)
  })
  api.openapi(on('getKeyHealth'), async (context) => {
    const { deploymentId } = context.req.valid('param')
    return context.json(await getKeyHealth(ports, deploymentId), 200)
  })
  api.openapi(on('getSelf'), async (context) => {
    return context.json(await showSelf(ports, keyOf(context)), 200)
  })
}
