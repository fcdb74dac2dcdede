import { z, type RouteConfig } from '@hono/zod-openapi'
import { PROBLEM_MEDIA_TYPE } from './problem.ts'
import { lookupText, problemSchema } from './schema-parts.ts'

/** Routes of the management API by their names, each with what it requires of its caller. */
export type RouteTable = Record<string, RouteConfig & { requires: string }>

/** The path parameter of a user. */
export const userId = z.strictObject({ userId: lookupText(64) })
/** The path parameter of an automation token. */
export const tokenId = z.strictObject({ tokenId: lookupText(64) })
/** The path parameter of a deployment. */
export const deploymentId = z.strictObject({ deploymentId: lookupText(64) })
/** The path parameters of an API key. */
export const apiKeyId = z.strictObject({ deploymentId: lookupText(64), appId: lookupText(64) })

/** Optimistic concurrency (RFC 9110 section 13.1.1): such a route may answer 412 and 428 too. */
export const ifMatch = z.object({
  'if-match': z.string().optional().describe('The ETag of the version the change is based on'),
})

/** The query of a route whose other parameters come from elsewhere, such as an OpenID provider. */
export const anyQuery = z.looseObject({})
const noQuery = z.strictObject({})

/** A JSON answer. */
export const json = <Schema extends z.ZodType>(schema: Schema, description: string) => ({
  description,
  content: { 'application/json': { schema } },
})

/** A JSON request body. */
export const body = <Schema extends z.ZodType>(schema: Schema) => ({
  required: true,
  content: { 'application/json': { schema } },
})

/** An error as problem details (RFC 9457). */
export const problem = (description: string) => ({
  description,
  content: { [PROBLEM_MEDIA_TYPE]: { schema: problemSchema } },
})

const errors = {
  400: problem('Not understood: not JSON, a bad query or a bad cursor'),
  401: problem('Not signed in, or the session or token is no longer good'),
  403: problem('The role of the caller is not enough'),
  404: problem('There is no such thing'),
  422: problem('Understood, but some fields need a change'),
}
const preconditionErrors = {
  412: problem('Changed in the meantime; load it again'),
  428: problem('If-Match is missing'),
}

/** Completes a route by what all have: the usual errors, and no query where none is declared. */
export function completeRoute<Route extends Pick<RouteConfig, 'request' | 'responses'>>(
  route: Route,
): Route {
  return {
    ...route,
    request: { query: noQuery, ...route.request },
    responses: {
      ...errors,
      ...(route.request?.headers && preconditionErrors),
      ...route.responses,
    },
  }
}
