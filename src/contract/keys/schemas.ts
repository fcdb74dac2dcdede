import { z } from '@hono/zod-openapi'
import { operationIdSchema } from '../catalog/schemas.ts'
import { ADDRESSES_MAX, API_KEY_SEARCH_MAX, NOTE_MAX, oldSecretGraces } from '../http/limits.ts'
import { lookupText, pageQuery, timestamp, singleLineText } from '../http/schema-parts.ts'
import { isPrefix, normalizePrefix } from '../network/ip-addresses.ts'
import { apiKeySorts, DEFAULT_SORT } from './api-key-sorts.ts'
import { keyConditions } from './key-conditions.ts'

export const accessSchema = z
  .discriminatedUnion('mode', [
    z.strictObject({ mode: z.literal('full') }),
    z.strictObject({
      mode: z.literal('list'),
      operations: z
        .array(operationIdSchema)
        .min(1, 'List at least one operation; a key that may call nothing is of no use.')
        .max(1000, 'List at most 1,000 operations.')
        .refine((ids) => new Set(ids).size === ids.length, 'List each operation once.'),
    }),
  ])
  .openapi('Access')

export const noteSchema = singleLineText(NOTE_MAX)

const allowedAddressesSchema = z
  .array(
    z
      .string()
      .max(64)
      .refine(
        isPrefix,
        'Write an address or a block such as 192.0.2.0/24 or 2001:db8::/32, its length without leading zeros.',
      )
      .overwrite(normalizePrefix),
  )
  .max(ADDRESSES_MAX, `List at most ${ADDRESSES_MAX} addresses.`)
  .refine((blocks) => new Set(blocks).size === blocks.length, 'List each address once.')
  .describe('Addresses and CIDR blocks it may be used from; none for anywhere')

export const apiKeySchema = z
  .strictObject({
    appId: z.string(),
    note: z.string(),
    access: z.discriminatedUnion('mode', [
      z.strictObject({ mode: z.literal('full') }),
      z.strictObject({ mode: z.literal('list'), operations: z.array(operationIdSchema) }),
    ]),
    legacy: z.boolean().describe('Made before permissions existed: full access, no creation time'),
    createdAt: timestamp.nullable(),
    status: z.enum(['active', 'disabled', 'expired']).describe('Only an active key gets in'),
    expiresAt: timestamp.nullable().describe('null for a key that never expires'),
    allowedAddresses: z
      .array(z.string())
      .describe('Addresses and CIDR blocks it may be used from; none for anywhere'),
    lastUse: z
      .discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('never') }),
        z.strictObject({ kind: z.literal('notRecorded') }),
        z.strictObject({
          kind: z.literal('used'),
          at: timestamp,
          operation: operationIdSchema,
          address: z.string().nullable(),
        }),
      ])
      .describe('"notRecorded": it may have been used before uses were recorded'),
    oldSecret: z
      .strictObject({ endsAt: timestamp, lastUsedAt: timestamp.nullable() })
      .nullable()
      .describe('The secret from before the last rotation, while it is still good'),
    version: z.int().describe('Goes up by one with each change; the ETag of the key'),
  })
  .openapi('ApiKey')

export const apiKeyInputSchema = z
  .strictObject({
    note: noteSchema.optional(),
    access: accessSchema.optional(),
    expiresAt: timestamp.nullable().optional(),
    allowedAddresses: allowedAddressesSchema.optional(),
  })
  .openapi('ApiKeyInput')

export const apiKeyPatchSchema = apiKeyInputSchema
  .extend({ disabled: z.boolean().optional().describe('Calls with a disabled key are refused') })
  .openapi('ApiKeyPatch')

export const createdApiKeySchema = z
  .strictObject({
    apiKey: apiKeySchema,
    appSecret: z.string().describe('Shown this once; only its hash is kept'),
  })
  .openapi('CreatedApiKey')

export const apiKeyQuerySchema = z.strictObject({
  search: lookupText(API_KEY_SEARCH_MAX)
    .optional()
    .describe('Words that App ID or note must contain'),
  access: z.enum(['full', 'list']).optional(),
  condition: z.enum(keyConditions).optional().describe('Only keys that this is true of'),
  sort: z.enum(apiKeySorts).default(DEFAULT_SORT),
  ...pageQuery,
})

export const apiKeyPageSchema = z
  .strictObject({
    items: z.array(apiKeySchema),
    nextCursor: z.string().nullable(),
    total: z.int().describe('Keys that match search and filters'),
  })
  .openapi('ApiKeyPage')

export const rotationSchema = z
  .strictObject({
    keepOldSecretFor: z
      .literal(oldSecretGraces, `Give one of ${oldSecretGraces.join(', ')} seconds.`)
      .describe('Seconds for which the old secret stays good; never beyond the expiry of the key'),
  })
  .openapi('Rotation')

export const selfSchema = apiKeySchema
  .pick({ appId: true, access: true, expiresAt: true, status: true })
  .openapi('Self')

export type ApiKey = z.infer<typeof apiKeySchema>
export type ApiKeyInput = z.input<typeof apiKeyInputSchema>
export type ApiKeyPatch = z.input<typeof apiKeyPatchSchema>
export type ApiKeyQuery = z.infer<typeof apiKeyQuerySchema>
export type ApiKeyPage = z.infer<typeof apiKeyPageSchema>
export type CreatedApiKey = z.infer<typeof createdApiKeySchema>
export type Rotation = z.infer<typeof rotationSchema>
export type Self = z.infer<typeof selfSchema>
