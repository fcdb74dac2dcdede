import { OpenAPIHono } from '@hono/zod-openapi'
import { bodyLimit } from 'hono/body-limit'
import { Problem } from '../contract/problem.ts'
import { routeSpecs } from '../contract/route-specs.ts'
import { MANAGEMENT_BASE } from '../contract/routes.ts'
import { createApiKey, deleteApiKey, getApiKey, listApiKeys, updateApiKey } from './api-keys.ts'
import {
  createDeployment,
  deleteDeployment,
  findDeployment,
  listDeployments,
  renameDeployment,
  showCatalog,
  showDeployment,
  showFigures,
} from './deployments.ts'
import type { ManagementPorts } from './ports.ts'
import {
  etagOf,
  invalidRequest,
  problemResponse,
  requiredVersion,
  toProblem,
  versionFrom,
} from './respond.ts'

/** Largest body the management API reads, in bytes. */
export const BODY_MAX = 256 * 1024

/** Latchkey's own API, the same on every host; health checks answer outside its base path. */
export type ManagementApi = { fetch(request: Request): Response | Promise<Response> }

const JSON_TYPE = /^application\/(?:[a-z.-]+\+)?json(?:\s*;|$)/i

/** Builds the management API over a host's ports. */
export function createManagementApi(ports: ManagementPorts): ManagementApi {
  const app = new OpenAPIHono({
    defaultHook: (result) => {
      if (!result.success) throw invalidRequest(result.target, result.error.issues)
    },
  })
  app.onError((error) => {
    const problem = toProblem(error)
    if (problem) return problemResponse(problem)
    ports.onError(error)
    return problemResponse(new Problem(500, 'Latchkey failed at this. Its log says why.'))
  })
  app.notFound(() => problemResponse(new Problem(404, 'There is nothing at this address.')))
  app.use(async (context, next) => {
    await next()
    context.header('cache-control', 'no-store')
  })
  addHealth(app, ports)

  const api = new OpenAPIHono({ ...(app.defaultHook && { defaultHook: app.defaultHook }) })
  api.use(
    bodyLimit({
      maxSize: BODY_MAX,
      onError: () => {
        throw new Problem(413, 'The body is over 256 KiB. Send a smaller one.')
      },
    }),
  )
  api.use(async (context, next) => {
    const type = context.req.header('content-type') ?? ''
    if (['POST', 'PATCH'].includes(context.req.method) && !JSON_TYPE.test(type)) {
      throw new Problem(415, 'Send the body as JSON, with Content-Type: application/json.')
    }
    await next()
  })
  addDeployments(api, ports)
  addApiKeys(api, ports)
  api.doc31('/openapi.json', (context) => ({
    openapi: '3.1.0',
    info: {
      title: 'Latchkey management API',
      version: 'v1',
      description: 'Deployments and their API keys. Errors are problem details (RFC 9457).',
    },
    servers: [{ url: `${ports.origin(context.req.raw)}${MANAGEMENT_BASE}` }],
  }))
  app.route(MANAGEMENT_BASE, api)
  return app
}

function addHealth(app: OpenAPIHono, { store, backends, onError }: ManagementPorts): void {
  app.get('/healthz', (context) => context.json({ status: 'up' }))
  app.get('/readyz', async (context) => {
    try {
      await store.ping()
      const states: Record<string, string> = {}
      for (const { id } of await store.deployments.list()) {
        states[id] = (await backends.get(id)?.status())?.state ?? 'stopped'
      }
      return context.json({ store: 'reachable', deployments: states })
    } catch (error) {
      onError(error)
      return context.json({ store: 'unreachable' }, 503)
    }
  })
}

function addDeployments(api: OpenAPIHono, ports: ManagementPorts): void {
  const { origin } = ports
  api.openapi(routeSpecs.listDeployments, async (context) => {
    const items = await listDeployments(ports, origin(context.req.raw))
    return context.json({ items, nextCursor: null }, 200)
  })
  api.openapi(routeSpecs.createDeployment, async (context) => {
    const record = await createDeployment(ports, context.req.valid('json'))
    context.header('etag', etagOf(record.revision))
    const address = new URL(context.req.url).pathname
    context.header('location', `${address}/${record.id}`)
    return context.json(await showDeployment(ports, origin(context.req.raw), record), 201)
  })
  api.openapi(routeSpecs.getDeployment, async (context) => {
    const record = await findDeployment(ports, context.req.valid('param').deploymentId)
    context.header('etag', etagOf(record.revision))
    return context.json(await showDeployment(ports, origin(context.req.raw), record), 200)
  })
  api.openapi(routeSpecs.updateDeployment, async (context) => {
    const { deploymentId } = context.req.valid('param')
    const revision = requiredVersion(context.req.valid('header')['if-match'])
    const { name } = context.req.valid('json')
    const record = await renameDeployment(ports, deploymentId, revision, name)
    context.header('etag', etagOf(record.revision))
    return context.json(await showDeployment(ports, origin(context.req.raw), record), 200)
  })
  api.openapi(routeSpecs.deleteDeployment, async (context) => {
    const revision = versionFrom(context.req.valid('header')['if-match'])
    await deleteDeployment(ports, context.req.valid('param').deploymentId, revision)
    return context.body(null, 204)
  })
  api.openapi(routeSpecs.getFigures, async (context) => {
    return context.json(await showFigures(ports, context.req.valid('param').deploymentId), 200)
  })
  api.openapi(routeSpecs.getCatalog, async (context) => {
    return context.json(await showCatalog(ports, context.req.valid('param').deploymentId), 200)
  })
}

function addApiKeys(api: OpenAPIHono, ports: ManagementPorts): void {
  api.openapi(routeSpecs.listApiKeys, async (context) => {
    const { deploymentId } = context.req.valid('param')
    return context.json(await listApiKeys(ports, deploymentId, context.req.valid('query')), 200)
  })
  api.openapi(routeSpecs.createApiKey, async (context) => {
    const { deploymentId } = context.req.valid('param')
    const created = await createApiKey(ports, deploymentId, context.req.valid('json'))
    context.header('etag', etagOf(created.apiKey.version))
    const address = new URL(context.req.url).pathname
    context.header('location', `${address}/${created.apiKey.appId}`)
    return context.json(created, 201)
  })
  api.openapi(routeSpecs.getApiKey, async (context) => {
    const { deploymentId, appId } = context.req.valid('param')
    const apiKey = await getApiKey(ports, deploymentId, appId)
    context.header('etag', etagOf(apiKey.version))
    return context.json(apiKey, 200)
  })
  api.openapi(routeSpecs.updateApiKey, async (context) => {
    const version = requiredVersion(context.req.valid('header')['if-match'])
    const target = { ...context.req.valid('param'), version }
    const apiKey = await updateApiKey(ports, target, context.req.valid('json'))
    context.header('etag', etagOf(apiKey.version))
    return context.json(apiKey, 200)
  })
  api.openapi(routeSpecs.deleteApiKey, async (context) => {
    const version = versionFrom(context.req.valid('header')['if-match'])
    await deleteApiKey(ports, context.req.valid('param'), version)
    return context.body(null, 204)
  })
}
