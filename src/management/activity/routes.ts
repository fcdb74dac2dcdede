import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Guard, ManagementEnv } from '../http/guard.ts'
import type { ManagementPorts } from '../ports.ts'
import { exportActivity, listActivity } from './activity.ts'

/** Adds the handlers of the audit log. */
export function addActivityRoutes(
  api: OpenAPIHono<ManagementEnv>,
  { on }: Guard,
  ports: ManagementPorts,
): void {
  api.openapi(on('listActivity'), async (context) => {
    return context.json(await listActivity(ports, context.req.valid('query')), 200)
  })
  api.openapi(on('exportActivity'), (context) => {
    const day = ports.now().toISOString().slice(0, 10)
    return context.body(exportActivity(ports, context.req.valid('query')), 200, {
      'content-type': 'text/csv; charset=utf-8; header=present',
      'content-disposition': `attachment; filename="latchkey-activity-${day}.csv"`,
      'x-content-type-options': 'nosniff',
    })
  })
}
