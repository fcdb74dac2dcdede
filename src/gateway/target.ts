/** The target of a gateway request, split but not decoded: the checked bytes are forwarded. */
export type Target = {
  deploymentId: string
  /** The raw path below `/{deploymentId}/api`: empty, or starting with `/`. */
  apiPath: string
  /** The raw query with its `?`, or an empty string. */
  rawQuery: string
}

// Longer ids don't exist, so that no lookup is needed for them.
const DEPLOYMENT_ID_MAX = 64
const TARGET = /^\/([^/?#]+)\/api(?=[/?]|$)([^?]*)(\?.*)?$/s

/**
 * Splits a raw request target in origin form (RFC 9112 section 3.2.1) into deployment, path and
 * query; undefined unless it starts with `/{deploymentId}/api`. Nothing is decoded or normalized,
 * so that no other spelling of it matches.
 */
export function parseTarget(rawTarget: string): Target | undefined {
  const parts = TARGET.exec(rawTarget)
  const deploymentId = parts?.[1]
  if (deploymentId === undefined || deploymentId.length > DEPLOYMENT_ID_MAX) return undefined
  return { deploymentId, apiPath: parts?.[2] ?? '', rawQuery: parts?.[3] ?? '' }
}

const V5_BASE = '/v5'

/** Whether a target is at or below the API base URL of v5, `/{deploymentId}/api/v5`. */
export function isV5Target({ apiPath }: Target): boolean {
  return apiPath === V5_BASE || apiPath.startsWith(`${V5_BASE}/`)
}

/** The raw path below the API base URL of v5. Only for a target that {@link isV5Target}. */
export function pathBelowV5({ apiPath }: Target): string {
  return apiPath.slice(V5_BASE.length)
}
