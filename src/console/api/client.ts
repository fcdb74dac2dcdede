import { MANAGEMENT_BASE } from '../../contract/http/base-path.ts'
import type { RouteName } from '../../contract/routes.ts'
import { readApiError, toApiError } from './api-error.ts'
import type { RouteInput, RouteOutput } from './route-types.ts'
import { noteSessionState } from './session-state.ts'

/** Put in by the build (`define` in `vite.config.ts`), since the routes carry their schemas. */
declare const ROUTE_ADDRESSES: Record<RouteName, { method: string; path: string }>
const routes = ROUTE_ADDRESSES

/** What any route may take; {@link RouteInput} says which of it one does. */
export type AnyInput = {
  params?: Record<string, string>
  query?: Record<string, string | number | boolean | undefined>
  body?: unknown
  ifMatch?: number
}

/** The address of a route: its template with the parameters filled in, and the query. */
export function routeUrl(name: RouteName, { params = {}, query = {} }: AnyInput): string {
  const path = routes[name].path.replaceAll(/\{(\w+)\}/g, (_, parameter: string) => {
    const value = params[parameter]
    if (value === undefined) throw new Error(`${name} needs ${parameter}`)
    return encodeURIComponent(value)
  })
  const search = new URLSearchParams()
  for (const [key, value] of Object.entries(query)) {
    if (value !== undefined) search.set(key, String(value))
  }
  return `${MANAGEMENT_BASE}${path}${search.size > 0 ? `?${search.toString()}` : ''}`
}

/**
 * Calls a route of the management API. Throws an `ApiError` for every failure but an
 * abort. In development and tests the answer is parsed with the contract's schema; a
 * production build trusts its own server and carries no schema.
 */
export async function callApi<Name extends RouteName>(
  name: Name,
  input: RouteInput<Name>,
  signal?: AbortSignal,
): Promise<RouteOutput<Name>> {
  const { body, ifMatch, ...address } = anyInput(input)
  try {
    const response = await fetch(routeUrl(name, address), {
      method: routes[name].method.toUpperCase(),
      headers: {
        Accept: 'application/json',
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
        ...(ifMatch !== undefined && { 'If-Match': `"${ifMatch}"` }),
      },
      body: body === undefined ? null : JSON.stringify(body),
      cache: 'no-store',
      signal: signal ?? null,
    })
    noteSessionState(name, response)
    if (!response.ok) throw await readApiError(response)
    const answer: RouteOutput<Name> = response.status === 204 ? undefined : await response.json()
    if (import.meta.env.DEV) {
      const { checkAnswer } = await import('./check-answer.ts')
      checkAnswer(name, response.status, answer)
    }
    return answer
  } catch (thrown) {
    throw signal?.aborted ? thrown : toApiError(thrown)
  }
}

/** Every {@link RouteInput} is an {@link AnyInput}, which the compiler can't see of one not yet known. */
function anyInput(input: object): AnyInput {
  return { ...input }
}
