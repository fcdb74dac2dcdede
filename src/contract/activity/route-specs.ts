import { createRoute } from '@hono/zod-openapi'
import { json, refusals } from '../http/route-spec-parts.ts'
import { routes } from '../routes.ts'
import { activityExportQuerySchema, activityPageSchema, activityQuerySchema } from './schemas.ts'

/** Activity: what was done, by whom, when and from where. */
export const activityRouteSpecs = {
  listActivity: createRoute({
    ...routes.listActivity,
    summary: 'List what was done, the newest first',
    request: { query: activityQuerySchema },
    responses: { ...refusals, 200: json(activityPageSchema, 'A page of entries') },
  }),
  exportActivity: createRoute({
    ...routes.exportActivity,
    summary: 'The same as CSV, whole',
    request: { query: activityExportQuerySchema },
    responses: {
      ...refusals,
      200: { description: 'All entries that match', content: { 'text/csv': {} } },
    },
  }),
} as const
