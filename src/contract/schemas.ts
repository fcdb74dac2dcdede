import { z } from '@hono/zod-openapi'
import { methods, type OperationId } from './catalog/operation.ts'
import { plans, versions } from './deployments/plans.ts'
import { SERIES } from './deployments/series.ts'
import { ADDRESSES_MAX, API_KEY_SEARCH_MAX, DEPLOYMENT_NAME_MAX, NOTE_MAX } from './http/limits.ts'
import { askedText, pageQuery, timestamp, visibleText } from './http/schema-parts.ts'
import { apiKeySorts, DEFAULT_SORT } from './keys/api-key-sorts.ts'
import { keyConditions } from './keys/key-conditions.ts'
import { isPrefix, normalizePrefix } from './network/ip-addresses.ts'

export const operationIdSchema = z
  .custom<OperationId>(
    (value) => typeof value === 'string' && /^(?:GET|POST|PUT|PATCH|DELETE) \/\S*$/.test(value),
    'Write an operation as its method and path, such as "GET /clients/{clientid}".',
  )
  .openapi({ type: 'string', example: 'GET /clients/{clientid}' })

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

export const noteSchema = visibleText(NOTE_MAX)

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
  search: askedText(API_KEY_SEARCH_MAX)
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

export const listenerSchema = z.strictObject({
  protocol: z.enum(['mqtt', 'mqtts', 'ws', 'wss']),
  port: z.int(),
  path: z.string().optional(),
  enabled: z.boolean(),
})

export const deploymentSchema = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    plan: z.enum(plans),
    version: z.enum(versions),
    backend: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('embedded') }),
      z.strictObject({ kind: z.literal('emqx'), url: z.string(), keyId: z.string() }),
    ]),
    status: z
      .enum(['running', 'stopped', 'unreachable', 'elsewhere'])
      .describe('elsewhere: another server of this Latchkey runs its embedded broker'),
    startedAt: timestamp.nullable().describe('When the backend started, where it tells'),
    region: z.string().nullable(),
    apiBaseUrl: z.string(),
    connection: z.strictObject({ host: z.string(), listeners: z.array(listenerSchema) }),
    sessions: z.int().nullable().describe('Live sessions, where the backend tells'),
    apiKeyCount: z.int(),
    lastApiCallAt: timestamp
      .nullable()
      .describe('Last allowed call, some seconds late by another server'),
    createdAt: timestamp,
    revision: z.int().describe('Goes up by one with each change; the ETag of the deployment'),
  })
  .openapi('Deployment')

export const deploymentNameSchema = visibleText(DEPLOYMENT_NAME_MAX).refine(
  (name) => name.trim() !== '',
  'Give the deployment a name.',
)

const upstreamUrlSchema = z
  .url({ protocol: /^https?$/, error: 'Write an address such as https://emqx.example:18084.' })
  .max(300)
  .refine((url) => {
    const parsed = URL.parse(url)
    // What is no address at all has been said already.
    if (!parsed) return true
    const { username, password, search, hash } = parsed
    return `${username}${password}${search}${hash}` === ''
  }, 'Leave credentials, query and fragment out of the address.')

export const deploymentInputSchema = z
  .strictObject({
    name: deploymentNameSchema,
    plan: z.enum(plans),
    version: z.enum(versions).default('v5'),
    region: visibleText(40).optional(),
    backend: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('embedded') }),
      z.strictObject({
        kind: z.literal('emqx'),
        url: upstreamUrlSchema.describe('Origin of the EMQX, without its API path'),
        keyId: z.string().min(1, 'Give the API key that Latchkey signs in with.').max(200),
        keySecret: z.string().min(1, 'Give the secret of that API key.').max(500),
      }),
    ]),
  })
  .openapi('DeploymentInput')

export const deploymentPatchSchema = z
  .strictObject({ name: deploymentNameSchema.optional() })
  .openapi('DeploymentPatch')

export const deploymentListSchema = z
  .strictObject({ items: z.array(deploymentSchema), nextCursor: z.null() })
  .openapi('DeploymentList')

const seriesSchema = z.array(z.number()).max(SERIES.slots)
const gaugeSchema = z.strictObject({
  current: z.number(),
  limit: z.number().nullable(),
  series: seriesSchema,
})
const rateSchema = z.strictObject({ perSecond: z.number(), series: seriesSchema })

export const figuresSchema = z
  .strictObject({
    sessions: gaugeSchema.optional(),
    subscriptions: gaugeSchema.optional(),
    messagesIn: rateSchema.optional(),
    messagesOut: rateSchema.optional(),
    apiCalls: z.strictObject({
      perMinute: z.strictObject({
        allowed: z.int(),
        refused: z.int(),
        failed: z.int(),
      }),
      series: seriesSchema.describe('Calls in each slot, all outcomes'),
    }),
  })
  .describe('Figures the backend does not give are left out')
  .openapi('Figures')

export const catalogSchema = z
  .strictObject({
    categories: z.array(
      z.strictObject({
        name: z.string(),
        operations: z.array(
          z.strictObject({
            id: operationIdSchema,
            method: z.enum(methods),
            path: z.templateLiteral(['/', z.string()]),
            summary: z.string(),
            risk: z.string().optional(),
            supported: z.boolean().describe('Whether the backend of this deployment offers it'),
          }),
        ),
      }),
    ),
  })
  .openapi('Catalog')

export const problemSchema = z
  .strictObject({
    type: z.literal('about:blank'),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    errors: z.array(z.strictObject({ field: z.string(), detail: z.string() })).optional(),
  })
  .openapi('Problem')

export type ApiKey = z.infer<typeof apiKeySchema>
export type ApiKeyInput = z.input<typeof apiKeyInputSchema>
export type ApiKeyPatch = z.input<typeof apiKeyPatchSchema>
export type ApiKeyQuery = z.infer<typeof apiKeyQuerySchema>
export type ApiKeyPage = z.infer<typeof apiKeyPageSchema>
export type CreatedApiKey = z.infer<typeof createdApiKeySchema>
export type Deployment = z.infer<typeof deploymentSchema>
/** What a request may leave out is optional. */
export type DeploymentInput = z.input<typeof deploymentInputSchema>
/** As it is after the check: what the request left out has its default. */
export type NewDeploymentInput = z.output<typeof deploymentInputSchema>
export type Listener = z.infer<typeof listenerSchema>
export type Figures = z.infer<typeof figuresSchema>
export type CatalogAnswer = z.infer<typeof catalogSchema>
