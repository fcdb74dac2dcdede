import { decide, type Decision } from '../contract/access/access.ts'
import type { Router } from '../contract/access/router.ts'
import type { BackendAnswer } from '../contract/backend.ts'
import { planRules } from '../contract/deployments/plans.ts'
import { addressNotAllowedText } from '../contract/keys/key-identity.ts'
import { isCrossOrigin } from '../contract/network/cross-origin.ts'
import type { AuthenticatedKey } from './authenticate-key.ts'
import type { GatewayCall } from './call.ts'
import { errorResponse } from './error-responses.ts'
import { isV5Target, pathBelowV5 } from './target.ts'
import type { RecordedCall } from './usage/usage-counts.ts'

/** A call that may be forwarded: its operation, and the path below the API base URL. */
export type Allowed = Extract<Decision, { outcome: 'allowed' }> & { rawPath: string }

/** A call that may not be forwarded: the response, and what is recorded of it. */
export type Denied = { answer: BackendAnswer } & Pick<RecordedCall, 'operation' | 'deniedReason'>

/** Decides by a key's permissions and allowed addresses whether its call may be forwarded. */
export function authorizeCall(
  router: Router,
  authenticated: AuthenticatedKey,
  call: GatewayCall,
): Allowed | Denied {
  const { appId, key, rights } = authenticated
  const { access, allowedAddresses } = rights
  const { version } = key
  const { method, target, headers, address } = call
  const isAtBase = version === 'v4' || isV5Target(target)
  const rawPath = version === 'v5' && isAtBase ? pathBelowV5(target) : target.apiPath
  const decision: Decision =
    rawPath === '' || !isAtBase
      ? { outcome: 'unknownOperation' }
      : decide(router, access, method, rawPath)
  const operation = 'operation' in decision ? decision.operation.id : ''

  function deny(
    status: number,
    message: string,
    details?: Record<string, string>,
    deniedReason: Denied['deniedReason'] = null,
  ): Denied {
    return { answer: errorResponse(version, status, message, details), operation, deniedReason }
  }

  if (!allowedAddresses.includes(address)) {
    const message = addressNotAllowedText(address)
    return deny(403, message, { address: address ?? '', appId }, 'address')
  }
  // CSRF: a browser caches HTTP Basic credentials and attaches them to cross-site form posts.
  if (method !== 'GET' && method !== 'HEAD' && isCrossOrigin(headers)) {
    const message =
      "A page of another origin asked for this change, so it was not made. Call from a program, or from a page of Latchkey's own origin."
    return deny(403, message)
  }
  if (!isAtBase) {
    const base = `/${target.deploymentId}${planRules(key).apiBasePath}`
    return deny(404, `The API of this deployment is at ${base}.`)
  }
  if (target.rawQuery.includes('#')) {
    return deny(400, 'The address has a fragment. Leave out "#" and what follows it.')
  }
  if (decision.outcome === 'malformedPath') {
    const problem = `The path can't be read in one way only: ${decision.problem}.`
    return deny(400, `${problem} Nothing was forwarded.`)
  }
  if (decision.outcome === 'unknownOperation') {
    return deny(404, `The API of this deployment has no ${method} at this path, for any key.`)
  }
  if (decision.outcome === 'notGranted') {
    const message = `This key may not call ${operation}. Add it to the key's permissions, or use another key.`
    return deny(403, message, { required: operation, appId }, 'notGranted')
  }
  if (call.body && decision.operation.method === 'GET') {
    return deny(400, `${operation} takes no body. Send the call without one.`)
  }
  return { ...decision, rawPath }
}
