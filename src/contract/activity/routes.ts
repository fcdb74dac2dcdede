import { json, type RouteTable } from '../http/route.ts'
import { activityExportQuerySchema, activityPageSchema, activityQuerySchema } from './schemas.ts'

/** Activity, the audit log: what was done, by whom, when and from where. */
export const activityRoutes = {
  listActivity: {
    method: 'get',
    path: '/activity',
    requires: 'activity.view',
    summary: 'List what was done, the newest first',
    request: { query: activityQuerySchema },
    responses: { 200: json(activityPageSchema, 'A page of entries') },
  },
  exportActivity: {
    method: 'get',
    path: '/activity.csv',
    requires: 'activity.view',
    summary: 'The same as CSV, whole',
    request: { query: activityExportQuerySchema },
    responses: { 200: { description: 'All entries that match', content: { 'text/csv': {} } } },
  },
} as const satisfies RouteTable
