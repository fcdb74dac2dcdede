import type { OpenAPIHono } from '@hono/zod-openapi'
import { Problem } from '../../contract/http/problem.ts'
import { authenticate } from '../accounts/authenticate.ts'
import type { ManagementPorts } from '../ports.ts'

/**
 * Adds liveness, readiness and metrics. Health checks need no authentication and name deployments
 * only to authenticated callers; metrics need authentication, with any role.
 */
export function addHealth(app: OpenAPIHono, ports: ManagementPorts): void {
  app.get('/healthz', (context) => context.json({ status: 'up' }))
  const { metrics } = ports
  if (metrics) {
    app.get('/metrics', async (context) => {
      const authenticated = await authenticate(ports, context.req.raw)
      if (!authenticated) throw new Problem(401, 'Sign in to go on.')
      const { contentType, body } = await metrics()
      return context.body(body, 200, { 'content-type': contentType })
    })
  }
  app.get('/readyz', async (context) => {
    try {
      await ports.store.ping()
      const authenticated = await authenticate(ports, context.req.raw)
      if (!authenticated) return context.json({ store: 'reachable' })
      for (const cookie of authenticated.cookies)
        context.header('set-cookie', cookie, { append: true })
      return context.json({ store: 'reachable', deployments: await backendStates(ports) })
    } catch (error) {
      ports.onError(error)
      return context.json({ store: 'unreachable' }, 503)
    }
  })
}

async function backendStates({ store, backends }: ManagementPorts) {
  const states: Record<string, string> = {}
  for (const deployment of await store.deployments.list()) {
    const backend = await backends.of(deployment)
    states[deployment.id] = (await backend?.status())?.state ?? 'stopped'
  }
  return states
}
