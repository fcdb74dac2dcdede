import { z } from '@hono/zod-openapi'
import { DEPLOYMENT_NAME_MAX } from '../http/limits.ts'
import { timestamp, singleLineText } from '../http/schema-parts.ts'
import { plans, versions } from './plans.ts'
import { SERIES } from './series.ts'

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

export const deploymentNameSchema = singleLineText(DEPLOYMENT_NAME_MAX).refine(
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
    region: singleLineText(40).optional(),
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

export type Deployment = z.infer<typeof deploymentSchema>
/** What a request may leave out is optional. */
export type DeploymentInput = z.input<typeof deploymentInputSchema>
/** As it is after the check: what the request left out has its default. */
export type NewDeploymentInput = z.output<typeof deploymentInputSchema>
export type Listener = z.infer<typeof listenerSchema>
export type Figures = z.infer<typeof figuresSchema>
