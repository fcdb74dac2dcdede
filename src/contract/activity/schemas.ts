import { z } from '@hono/zod-openapi'
import { lookupText, pageQuery, timestamp } from '../http/schema-parts.ts'
import { activityActions, activitySubjects } from './actions.ts'

const changedValue = z
  .union([z.string(), z.array(z.string())])
  .nullable()
  .describe('A list for the operations of an access; null for nothing')

export const activityEntrySchema = z
  .strictObject({
    id: z.string(),
    at: timestamp,
    action: z.enum(activityActions),
    actor: z
      .strictObject({
        kind: z.enum(['user', 'token', 'demo', 'nobody', 'latchkey']),
        id: z.string().nullable(),
        name: z.string(),
      })
      .describe('Who: "nobody" had no session, "latchkey" is the server itself'),
    address: z.string().nullable().describe("The caller's address, where there was one"),
    deployment: z.strictObject({ id: z.string(), name: z.string() }).nullable(),
    subject: z.strictObject({
      kind: z.enum(activitySubjects),
      id: z.string().nullable(),
      name: z.string(),
    }),
    changes: z
      .array(z.strictObject({ field: z.string(), before: changedValue, after: changedValue }))
      .describe('What changed; of a secret only that it did'),
  })
  .openapi('ActivityEntry')

const activityFilter = {
  search: lookupText(200).optional().describe('Words that actor, subject or address contain'),
  subject: z.enum(activitySubjects).optional(),
  deploymentId: lookupText(64).optional(),
  appId: lookupText(64).optional(),
  from: timestamp.optional().describe('Not before'),
  to: timestamp.optional().describe('Before'),
}

export const activityQuerySchema = z.strictObject({ ...activityFilter, ...pageQuery })
export const activityExportQuerySchema = z.strictObject(activityFilter)

export const activityPageSchema = z
  .strictObject({ items: z.array(activityEntrySchema), nextCursor: z.string().nullable() })
  .openapi('ActivityPage')

export type ActivityEntry = z.infer<typeof activityEntrySchema>
export type ActivityQuery = z.infer<typeof activityQuerySchema>
export type ActivityFilter = z.infer<typeof activityExportQuerySchema>
export type ActivityPage = z.infer<typeof activityPageSchema>
export type ActivityChange = ActivityEntry['changes'][number]
