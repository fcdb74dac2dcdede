import type { OpenAPIHono } from '@hono/zod-openapi'
import { formatEtag, requireIfMatch, parseIfMatch } from '../http/etag.ts'
import { getPrincipal, type Guard, type ManagementEnv } from '../http/guard.ts'
import type { ManagementPorts } from '../ports.ts'
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

/** Adds the handlers of deployments. */
export function addDeploymentRoutes(
  api: OpenAPIHono<ManagementEnv>,
  { on }: Guard,
  ports: ManagementPorts,
): void {
  const { origin } = ports
  api.openapi(on('listDeployments'), async (context) => {
    const items = await listDeployments(ports, origin(context.req.raw))
    return context.json({ items, nextCursor: null }, 200)
  })
  api.openapi(on('createDeployment'), async (context) => {
    const record = await createDeployment(ports, getPrincipal(context), context.req.valid('json'))
    context.header('etag', formatEtag(record.revision))
    const address = new URL(context.req.url).pathname
    context.header('location', `${address}/${record.id}`)
    return context.json(await showDeployment(ports, origin(context.req.raw), record), 201)
  })
  api.openapi(on('getDeployment'), async (context) => {
    const record = await findDeployment(ports.store, context.req.valid('param').deploymentId)
    context.header('etag', formatEtag(record.revision))
    return context.json(await showDeployment(ports, origin(context.req.raw), record), 200)
  })
  api.openapi(on('updateDeployment'), async (context) => {
    const id = context.req.valid('param').deploymentId
    const revision = requireIfMatch(context.req.valid('header')['if-match'])
    const { name } = context.req.valid('json')
    const record = await renameDeployment(ports, getPrincipal(context), { id, revision, name })
    context.header('etag', formatEtag(record.revision))
    return context.json(await showDeployment(ports, origin(context.req.raw), record), 200)
  })
  api.openapi(on('deleteDeployment'), async (context) => {
    const id = context.req.valid('param').deploymentId
    const revision = parseIfMatch(context.req.valid('header')['if-match'])
    await deleteDeployment(ports, getPrincipal(context), { id, revision })
    return context.body(null, 204)
  })
  api.openapi(on('getFigures'), async (context) => {
    return context.json(await showFigures(ports, context.req.valid('param').deploymentId), 200)
  })
  api.openapi(on('getCatalog'), async (context) => {
    return context.json(await showCatalog(ports, context.req.valid('param').deploymentId), 200)
  })
}
