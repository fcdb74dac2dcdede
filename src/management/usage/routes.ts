import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Guard, ManagementEnv } from '../http/guard.ts'
import type { ManagementPorts } from '../ports.ts'
import { checkAccess } from './access-check.ts'
import { getKeyHealth, getUsage, listRefusedCalls, listRefusedCredentials } from './usage.ts'

/** Adds the handlers of use of API keys. */
export function addUsageRoutes(
  api: OpenAPIHono<ManagementEnv>,
  { on }: Guard,
  ports: ManagementPorts,
): void {
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
}
