import { z } from '@hono/zod-openapi'
import { methods } from '../catalog/operation.ts'
import { operationIdSchema } from '../catalog/schemas.ts'
import { timestamp } from '../http/schema-parts.ts'
import { keyConditions } from '../keys/key-conditions.ts'

const callCounts = { allowed: z.int(), refused: z.int(), failed: z.int() }

export const usageQuerySchema = z.strictObject({
  days: z.enum(['1', '7', '30', '90'], 'Give 1, 7, 30 or 90.').default('7'),
})

export const usageSchema = z
  .strictObject({
    recordedSince: timestamp
      .nullable()
      .describe('When the record of this key begins; null where it may have been used before'),
    span: z.enum(['hour', 'day']).describe('How long each entry of `calls` is'),
    calls: z
      .array(z.strictObject({ start: timestamp, ...callCounts }))
      .describe('Calls over time, the oldest first, without gaps; days are UTC'),
    operations: z
      .array(
        z.strictObject({
          operation: operationIdSchema,
          ...callCounts,
          lastUsedAt: timestamp.nullable(),
        }),
      )
      .describe('By use, the most used first; `lastUsedAt` is of allowed calls'),
    addresses: z
      .array(z.strictObject({ address: z.string(), allowed: z.int(), lastUsedAt: timestamp }))
      .describe('The 20 most recent addresses of allowed calls'),
  })
  .openapi('Usage')

export const refusedCallsSchema = z
  .strictObject({
    items: z.array(
      z.strictObject({
        operation: operationIdSchema,
        reason: z.enum(['notGranted', 'address']),
        calls: z.int(),
        firstAt: timestamp,
        lastAt: timestamp,
        lastAddress: z.string().nullable(),
      }),
    ),
    nextCursor: z.null(),
  })
  .openapi('RefusedCalls')

export const refusedCredentialsSchema = z
  .strictObject({
    items: z.array(
      z.strictObject({
        appId: z.string().describe('As it was sent, where it has the form of one'),
        reason: z.enum(['unknown', 'wrongSecret', 'disabled', 'expired']),
        calls: z.int(),
        firstAt: timestamp,
        lastAt: timestamp,
        lastAddress: z.string().nullable(),
      }),
    ),
    nextCursor: z.null(),
  })
  .openapi('RefusedCredentials')

export const accessCheckInputSchema = z
  .strictObject({
    method: z.enum([...methods, 'HEAD']),
    path: z
      .string()
      .max(2000)
      .describe('Of the call as it would be sent, below the API base URL, such as /clients/a%2Fb'),
  })
  .openapi('AccessCheckInput')

export const accessCheckSchema = z
  .discriminatedUnion('outcome', [
    z.strictObject({
      outcome: z.literal('allowed'),
      operation: operationIdSchema,
      category: z.string(),
    }),
    z.strictObject({
      outcome: z.literal('notGranted'),
      operation: operationIdSchema,
      category: z.string(),
    }),
    z.strictObject({ outcome: z.literal('unknownOperation') }),
    z.strictObject({ outcome: z.literal('malformedPath'), problem: z.string() }),
  ])
  .openapi('AccessCheck')

export const keyHealthSchema = z
  .strictObject({ counts: z.record(z.enum(keyConditions), z.int()) })
  .openapi('KeyHealth')

export type Usage = z.infer<typeof usageSchema>
export type RefusedCalls = z.infer<typeof refusedCallsSchema>
export type RefusedCredentials = z.infer<typeof refusedCredentialsSchema>
export type AccessCheckInput = z.infer<typeof accessCheckInputSchema>
export type AccessCheck = z.infer<typeof accessCheckSchema>
export type KeyHealth = z.infer<typeof keyHealthSchema>
