/** A gateway request's target, split but not decoded: what is forwarded is what was checked. */
export type Target = {
  deploymentId: string
  /** The raw path below `/{deploymentId}/api`: empty, or starting with `/`. */
  apiPath: string
  /** The raw query with its `?`, or an empty string. */
  rawQuery: string
}

// Longer ones can't exist, and a store shouldn't be asked for them.
const DEPLOYMENT_ID_MAX = 64
const TARGET = /^\/([^/?#]+)\/api(?=[/?]|$)([^?]*)(\?.*)?$/s

/**
 * Splits a raw request target in origin form (RFC 9112 section 3.2.1) into deployment, path
 * and query. Undefined when it isn't a Deployment API address: `/{deploymentId}/api`, written
 * plainly. Nothing is decoded or normalised, so that an odd spelling never becomes one.
 */
export function parseTarget(rawTarget: string): Target | undefined {
  const parts = TARGET.exec(rawTarget)
  const deploymentId = parts?.[1]
  if (deploymentId === undefined || deploymentId.length > DEPLOYMENT_ID_MAX) return undefined
  return { deploymentId, apiPath: parts?.[2] ?? '', rawQuery: parts?.[3] ?? '' }
}

const V5_BASE = '/v5'

/** Whether a target lies below the API base URL of v5, `/{deploymentId}/api/v5`. */
export function isV5Target({ apiPath }: Target): boolean {
  return apiPath === V5_BASE || apiPath.startsWith(`${V5_BASE}/`)
}

/** The raw path below the API base URL of v5. Only for a target that {@link isV5Target}. */
export function pathBelowV5({ apiPath }: Target): string {
  return apiPath.slice(V5_BASE.length)
}
