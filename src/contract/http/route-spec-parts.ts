import { z } from '@hono/zod-openapi'
import { PROBLEM_MEDIA_TYPE } from './problem.ts'
import { problemSchema } from './schema-parts.ts'
import { askedText } from './schema-parts.ts'

// What several route specs share.

export const ifMatch = z.object({
  'if-match': z.string().optional().describe('The ETag of the version the change is based on'),
})
export const deploymentId = z.strictObject({ deploymentId: askedText(64) })
export const apiKeyId = z.strictObject({
  deploymentId: askedText(64),
  appId: askedText(64),
})
export const noQuery = z.strictObject({})

export const problems = { [PROBLEM_MEDIA_TYPE]: { schema: problemSchema } }
export const refusals = {
  400: { description: 'Not understood: not JSON, a bad query or a bad cursor', content: problems },
  401: {
    description: 'Not signed in, or the session or token is no longer good',
    content: problems,
  },
  403: { description: 'The role of the caller is not enough', content: problems },
  404: { description: 'There is no such thing', content: problems },
  422: { description: 'Understood, but some fields need a change', content: problems },
} as const
export const precondition = {
  412: { description: 'Changed in the meantime; load it again', content: problems },
  428: { description: 'If-Match is missing', content: problems },
} as const

export const json = <Schema extends z.ZodType>(schema: Schema, description: string) => ({
  description,
  content: { 'application/json': { schema } },
})
export const body = <Schema extends z.ZodType>(schema: Schema) => ({
  required: true,
  content: { 'application/json': { schema } },
})

export const noContent = (description: string) => ({ 204: { description } })
