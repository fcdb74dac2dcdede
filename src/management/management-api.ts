import { OpenAPIHono } from '@hono/zod-openapi'
import { MANAGEMENT_BASE } from '../contract/http/base-path.ts'
import { Problem } from '../contract/http/problem.ts'
import { addSessionRoutes, addTokenRoutes, addUserRoutes } from './accounts/routes.ts'
import { addActivityRoutes } from './activity/routes.ts'
import { addDeploymentRoutes } from './deployments/routes.ts'
import { createGuard, type ManagementEnv } from './http/guard.ts'
import { addHealth } from './http/health.ts'
import {
  validationProblem,
  problemResponse,
  storeProblem,
  toProblem,
} from './http/problem-responses.ts'
import { addApiKeyRoutes } from './keys/routes.ts'
import type { ManagementPorts } from './ports.ts'
import { addUsageRoutes } from './usage/routes.ts'

/** Latchkey's management API, the same on every host, with health checks outside its base path. */
export type ManagementApi = { fetch(request: Request): Response | Promise<Response> }

/** Builds the management API on a host's ports. */
export function createManagementApi(ports: ManagementPorts): ManagementApi {
  const app = new OpenAPIHono()
  app.onError((error) => {
    const problem = toProblem(error)
    if (problem) return problemResponse(problem)
    ports.onError(error)
    const fault = storeProblem(error)
    if (fault) return problemResponse(fault)
    return problemResponse(new Problem(500, 'Latchkey failed at this. Its log says why.'))
  })
  app.notFound(() => problemResponse(new Problem(404, 'There is nothing at this address.')))
  app.use(async (context, next) => {
    await next()
    context.header('cache-control', 'no-store')
  })
  addHealth(app, ports)
  const api = createVersion1(ports)
  addOpenApiDocument(app, api, ports)
  app.route(MANAGEMENT_BASE, api)
  return app
}

function createVersion1(ports: ManagementPorts): OpenAPIHono<ManagementEnv> {
  const api = new OpenAPIHono<ManagementEnv>({
    defaultHook: (result) => {
      if (!result.success) throw validationProblem(result.target, result.error.issues)
    },
  })
  const guard = createGuard(ports)
  addSessionRoutes(api, guard, ports)
  addUserRoutes(api, guard, ports)
  addTokenRoutes(api, guard, ports)
  addActivityRoutes(api, guard, ports)
  addDeploymentRoutes(api, guard, ports)
  addApiKeyRoutes(api, guard, ports)
  addUsageRoutes(api, guard, ports)
  api.openAPIRegistry.registerComponent('securitySchemes', 'session', {
    type: 'apiKey',
    in: 'cookie',
    name: 'latchkey-session',
    description: 'Set by POST /session; over HTTPS its name is __Host-latchkey-session.',
  })
  api.openAPIRegistry.registerComponent('securitySchemes', 'token', {
    type: 'http',
    scheme: 'bearer',
    description: 'The secret of an automation token.',
  })
  api.openAPIRegistry.registerComponent('securitySchemes', 'deploymentKey', {
    type: 'http',
    scheme: 'basic',
    description: 'App ID and App Secret of a deployment API key.',
  })
  return api
}

function addOpenApiDocument(
  app: OpenAPIHono,
  api: OpenAPIHono<ManagementEnv>,
  { origin }: ManagementPorts,
): void {
  const build = () =>
    api.getOpenAPI31Document({
      openapi: '3.1.0',
      info: {
        title: 'Latchkey management API',
        version: 'v1',
        description:
          'Deployments, their API keys, users, automation tokens and activity. Errors are problem details (RFC 9457).',
      },
    })
  // Built once: it is open to anyone, and building it is the most expensive open response.
  let built: ReturnType<typeof build> | undefined
  app.get(`${MANAGEMENT_BASE}/openapi.json`, (context) => {
    built ??= build()
    const servers = [{ url: `${origin(context.req.raw)}${MANAGEMENT_BASE}` }]
    return context.json({ ...built, servers })
  })
}
