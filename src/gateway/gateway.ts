import { compileRouter, type Router } from '../contract/access/router.ts'
import { BackendUnavailable, type BackendAnswer, type BackendCall } from '../contract/backend.ts'
import { catalogOf } from '../contract/catalog/catalog.ts'
import type { Catalog } from '../contract/catalog/operation.ts'
import type { Version } from '../contract/deployments/plans.ts'
import type { KeyIdentity } from '../contract/keys/key-identity.ts'
import type { KeyForCall } from '../store/keys/api-key-records.ts'
import { FailedAuthLimiter, TARPIT_DELAY_MS } from '../throttle/failed-auth-limiter.ts'
import { limiterKeys } from '../throttle/policy.ts'
import {
  createKeyAuthenticator,
  type Authentication,
  type RefusedCredentials,
} from './authenticate-key.ts'
import { authorizeCall, type Allowed } from './authorize-call.ts'
import type { GatewayAnswer, GatewayCall } from './call.ts'
import {
  badCredentials,
  notOffered,
  rateLimited,
  unavailable,
  type Failure,
  type Unavailable,
} from './error-responses.ts'
import type { GatewayPorts } from './gateway-ports.ts'
import { answeredHeaders, forwardedHeaders, forwardedQuery } from './headers.ts'
import { isV5Target } from './target.ts'
import type { CallOutcome } from './usage/call-counter.ts'
import type { RecordedCall } from './usage/usage-counts.ts'

/** Why a call failed, and details for logs. */
type Failed = { failure: Failure | null; detail?: string | null }

/** A request with the credentials of a key to anything but the API of a deployment. */
export type KeyRequest = Pick<GatewayCall, 'headers' | 'address'>

/** Authenticates, authorizes and forwards calls of the Deployment APIs. */
export type Gateway = {
  /** Answers a call. Never rejects: every failure becomes a response. */
  handle(call: GatewayCall): Promise<GatewayAnswer>
  /** Authenticates a key of any deployment by the same checks. Rejects when the store does. */
  identifyKey(request: KeyRequest): Promise<KeyIdentity>
}

export function createGateway(ports: GatewayPorts): Gateway {
  const routers = new Map<Catalog, Router>()
  const authenticateKey = createKeyAuthenticator(ports)
  const limiter = new FailedAuthLimiter(ports.now, ports.sharedLimiter)

  function routerFor(key: KeyForCall): Router {
    const catalog = catalogOf(key)
    let router = routers.get(catalog)
    if (!router) routers.set(catalog, (router = compileRouter(catalog)))
    return router
  }

  /**
   * Records and counts a failed authentication.
   *
   * @param recordedFor the deployment to record it for; null for none
   * @returns how many milliseconds the caller has to wait, or 0
   */
  function countFailure(
    deploymentId: string | null,
    { appId, recordedAppId, reason }: RefusedCredentials,
    recordedFor: string | null,
    address: string | null,
  ): Promise<number> {
    const recorded = { deploymentId: recordedFor, appId: recordedAppId, reason, address }
    ports.recorder.recordRefusedCredentials(recorded)
    return limiter.count(limiterKeys([deploymentId ?? '', appId], address))
  }

  async function handle(call: GatewayCall): Promise<GatewayAnswer> {
    const { address, requestId } = call
    const { deploymentId } = call.target
    let backend = ports.backendOf(deploymentId)
    const finish = (
      outcome: CallOutcome,
      appId: string | null,
      answer: BackendAnswer,
      { failure, detail = null }: Failed = { failure: null },
      at = ports.now(),
    ): GatewayAnswer => {
      if (backend) ports.counter.add(deploymentId, outcome, at)
      const { status, headers } = answer
      return {
        status,
        headers,
        body: call.method === 'HEAD' ? null : answer.body,
        outcome,
        deploymentId: backend ? deploymentId : null,
        failure,
        appId,
        detail,
        delayMs: status === 429 && appId === null ? TARPIT_DELAY_MS : 0,
      }
    }

    // By the target, not the deployment: the format of a 401 mustn't show which ones exist.
    const format: Version = isV5Target(call.target) ? 'v5' : 'v4'
    let authentication: Authentication
    try {
      authentication = await authenticateKey(deploymentId, call.headers)
      if (
        ports.backendFor &&
        typeof authentication === 'object' &&
        'authenticated' in authentication
      ) {
        const current = ports.backendFor(authentication.authenticated.key)
        backend = current instanceof Promise ? await current : current
      }
    } catch (error) {
      ports.onError(error, requestId)
      return finish('failed', null, unavailable(format, 'store'), { failure: 'store' })
    }
    if (authentication === 'noCredentials') return finish('refused', null, badCredentials(format))
    if ('refused' in authentication) {
      const recordedFor = backend ? deploymentId : null
      const wait = await countFailure(deploymentId, authentication.refused, recordedFor, address)
      const answer = wait === 0 ? badCredentials(format) : rateLimited(format, wait)
      return finish('refused', null, answer)
    }

    const { authenticated } = authentication
    const { appId, key, usedOldSecret } = authenticated
    const oldSecretHash = usedOldSecret ? key.oldSecret.hash : null
    const decision = authorizeCall(routerFor(key), authenticated, call)
    const finishWithKey = (
      outcome: CallOutcome,
      answer: BackendAnswer,
      { operation, deniedReason }: Pick<RecordedCall, 'operation' | 'deniedReason'>,
      failed?: Failed,
    ) => {
      const at = ports.now()
      const recorded = { at, appId, operation, outcome, address, oldSecretHash, deniedReason }
      ports.recorder.recordCall(recorded)
      return finish(outcome, appId, answer, failed, at)
    }
    if ('answer' in decision) return finishWithKey('refused', decision.answer, decision)
    const allowed = { operation: decision.operation.id, deniedReason: null }
    const fail = (failure: Unavailable, detail: string | null = null) =>
      finishWithKey('failed', unavailable(key.version, failure), allowed, { failure, detail })
    if (!backend) return fail('unreachable')
    if (!backend.supports(allowed.operation)) {
      const answer = notOffered(key.version, allowed.operation)
      return finishWithKey('failed', answer, allowed, { failure: 'notOffered' })
    }
    try {
      const { status, headers, body } = await backend.call(toBackendCall(call, decision))
      return finishWithKey('allowed', { status, headers: answeredHeaders(headers), body }, allowed)
    } catch (error) {
      if (error instanceof BackendUnavailable) return fail(error.reason, error.message)
      if (!call.signal.aborted) ports.onError(error, requestId)
      return fail('broken')
    }
  }

  async function identifyKey({ headers, address }: KeyRequest): Promise<KeyIdentity> {
    const authentication = await authenticateKey(null, headers)
    if (authentication === 'noCredentials') return { outcome: 'badCredentials' }
    if ('refused' in authentication) {
      const { refused } = authentication
      const delay = await countFailure(null, refused, refused.deploymentId, address)
      return delay === 0 ? { outcome: 'badCredentials' } : { outcome: 'rateLimited', delay }
    }
    const { appId, key, rights } = authentication.authenticated
    if (!rights.allowedAddresses.includes(address)) return { outcome: 'addressNotAllowed', address }
    return { outcome: 'known', deploymentId: key.deploymentId, appId }
  }

  return { handle, identifyKey }
}

function toBackendCall(
  call: GatewayCall,
  { operation, parameters, rawPath }: Allowed,
): BackendCall {
  const headers = forwardedHeaders(call.headers)
  headers['x-request-id'] = call.requestId
  if (call.address !== null) headers['x-forwarded-for'] = call.address
  return {
    operation,
    parameters,
    method: call.method,
    rawPath,
    rawQuery: forwardedQuery(call.target.rawQuery),
    headers,
    body: call.body,
    signal: call.signal,
  }
}
