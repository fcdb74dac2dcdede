import { compileRouter, type Router } from '../contract/access/router.ts'
import { catalogOf } from '../contract/catalog/catalog.ts'
import type { Catalog } from '../contract/catalog/operation.ts'
import type { Version } from '../contract/deployments/plans.ts'
import {
  BackendUnavailable,
  type Backend,
  type BackendAnswer,
  type BackendCall,
  type HeaderBag,
} from '../contract/http/backend.ts'
import { isInBlocks } from '../contract/network/ip-addresses.ts'
import type { KeyForCall } from '../store/keys/api-key-records.ts'
import { FailedAuthLimiter, TARPIT_DELAY_MS } from '../throttle/failed-auth-limiter.ts'
import { limiterKeys } from '../throttle/policy.ts'
import type { StoredLimiter } from '../throttle/stored-limiter.ts'
import {
  createIdentify,
  type Identity,
  type IdentifyPorts,
  type RefusedCredentials,
} from './authenticate-key.ts'
import { judge, type Allowed } from './authorize-call.ts'
import {
  badCredentials,
  notOffered,
  tooManyGuesses,
  unavailable,
  type Failure,
  type Unavailable,
} from './error-responses.ts'
import { answeredHeaders, forwardedHeaders, forwardedQuery } from './headers.ts'
import { isV5Target, type Target } from './target.ts'
import type { CallCounter, CallOutcome } from './usage/call-counter.ts'
import type { RecordedCall, UsageRecorder } from './usage/usage-recorder.ts'

/** What the gateway needs of its host. */
export type GatewayPorts = IdentifyPorts & {
  /** The open backend of a deployment, as far as the host knows of it. */
  backendOf(deploymentId: string): Backend | undefined
  /**
   * The backend of a key's deployment as it is stored now, opened first where it has to be: for
   * hosts with others on their store, which may have added or replaced it.
   */
  backendFor?(key: KeyForCall): Backend | undefined | Promise<Backend | undefined>
  /** For the same hosts: counts failed authentications on all of them. Never rejects. */
  sharedLimiter?: Pick<StoredLimiter, 'count'>
  counter: CallCounter
  recorder: Pick<UsageRecorder, 'recordCall' | 'recordRefusedCredentials'>
  /** Told of an error that the answer doesn't show; what it gets never holds a secret. */
  onError(error: unknown, requestId: string): void
}

/** A request to `/{deploymentId}/api…` as its host got it. */
export type GatewayCall = {
  method: string
  target: Target
  /** Where it comes from; null where the host doesn't know. */
  address: string | null
  /** By which the host's logs tell it from others; the backend gets it as `X-Request-Id`. */
  requestId: string
  /** All of the caller's, names in lower case; a repeated one joined with a comma. */
  headers: HeaderBag
  /** Null where there is none; a body of no bytes is none. */
  body: AsyncIterable<Uint8Array> | null
  /** Aborts when the caller goes away. */
  signal: AbortSignal
}

/** The answer for the caller. */
export type GatewayAnswer = BackendAnswer & {
  outcome: CallOutcome
  /** The one that was called; null where there is none of that id, which callers make up. */
  deploymentId: string | null
  /** What kept the call from its answer, where something did. */
  failure: Failure | null
  /** Whose secret was right; null with bad credentials. */
  appId: string | null
  /** Why the backend gave no answer, for logs; the body doesn't tell where it is. */
  detail: string | null
  /** How many milliseconds the host should keep the answer: a guesser gets it late. */
  holdFor: number
}

/** What kept a call from its answer, and why for logs. */
type Failed = { failure: Failure | null; detail?: string | null }

/** Where credentials come from that are shown to anything but the API of a deployment. */
export type KeyRequest = Pick<GatewayCall, 'headers' | 'address'>

/** Whose credentials they are, or why they are of no use. */
export type KeyIdentity =
  | { outcome: 'known'; deploymentId: string; appId: string }
  | { outcome: 'badCredentials' }
  | { outcome: 'foreignAddress'; address: string | null }
  | { outcome: 'tooManyGuesses'; wait: number }

export type Gateway = {
  /** Answers a call. Never rejects: whatever fails becomes an answer. */
  handle(call: GatewayCall): Promise<GatewayAnswer>
  /** Finds a key by the same checks, of whichever deployment. Rejects when the store does. */
  identifyKey(request: KeyRequest): Promise<KeyIdentity>
}

/** Checks Deployment API calls by the access rules and forwards the allowed ones. */
export function createGateway(ports: GatewayPorts): Gateway {
  const routers = new Map<Catalog, Router>()
  const identify = createIdentify(ports)
  const limiter = new FailedAuthLimiter(ports.now, ports.sharedLimiter)

  function routerOf(key: KeyForCall): Router {
    const catalog = catalogOf(key)
    let router = routers.get(catalog)
    if (!router) routers.set(catalog, (router = compileRouter(catalog)))
    return router
  }

  /** Records failed credentials and counts them; gives how long their caller has to wait. */
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
    const settle = (
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
        holdFor: status === 429 && appId === null ? TARPIT_DELAY_MS : 0,
      }
    }

    // Before the key is known, so that the form of a 401 doesn't tell which deployments exist.
    const form: Version = isV5Target(call.target) ? 'v5' : 'v4'
    let identity: Identity
    try {
      identity = await identify(deploymentId, call.headers)
      if (ports.backendFor && typeof identity === 'object' && 'caller' in identity) {
        const current = ports.backendFor(identity.caller.key)
        backend = current instanceof Promise ? await current : current
      }
    } catch (error) {
      ports.onError(error, requestId)
      return settle('failed', null, unavailable(form, 'store'), { failure: 'store' })
    }
    if (identity === 'noCredentials') return settle('refused', null, badCredentials(form))
    if ('refused' in identity) {
      const recordedFor = backend ? deploymentId : null
      const wait = await countFailure(deploymentId, identity.refused, recordedFor, address)
      const answer = wait === 0 ? badCredentials(form) : tooManyGuesses(form, wait)
      return settle('refused', null, answer)
    }

    const { caller } = identity
    const { appId, key, withOldSecret } = caller
    const oldSecretHash = withOldSecret ? key.oldSecret.hash : null
    const verdict = judge(routerOf(key), caller, call)
    const settleKnown = (
      outcome: CallOutcome,
      answer: BackendAnswer,
      { operation, lacks }: Pick<RecordedCall, 'operation' | 'lacks'>,
      failed?: Failed,
    ) => {
      const at = ports.now()
      ports.recorder.recordCall({ at, appId, operation, outcome, address, oldSecretHash, lacks })
      return settle(outcome, appId, answer, failed, at)
    }
    if ('answer' in verdict) return settleKnown('refused', verdict.answer, verdict)
    const asked = { operation: verdict.operation.id, lacks: null }
    const fail = (failure: Unavailable, detail: string | null = null) =>
      settleKnown('failed', unavailable(key.version, failure), asked, { failure, detail })
    if (!backend) return fail('unreachable')
    if (!backend.supports(asked.operation)) {
      const answer = notOffered(key.version, asked.operation)
      return settleKnown('failed', answer, asked, { failure: 'notOffered' })
    }
    try {
      const { status, headers, body } = await backend.call(toBackend(call, verdict))
      return settleKnown('allowed', { status, headers: answeredHeaders(headers), body }, asked)
    } catch (error) {
      if (error instanceof BackendUnavailable) return fail(error.reason, error.message)
      if (!call.signal.aborted) ports.onError(error, requestId)
      return fail('broken')
    }
  }

  async function identifyKey({ headers, address }: KeyRequest): Promise<KeyIdentity> {
    const identity = await identify(null, headers)
    if (identity === 'noCredentials') return { outcome: 'badCredentials' }
    if ('refused' in identity) {
      const { refused } = identity
      const wait = await countFailure(null, refused, refused.deploymentId, address)
      return wait === 0 ? { outcome: 'badCredentials' } : { outcome: 'tooManyGuesses', wait }
    }
    const { appId, key, rights } = identity.caller
    if (!isInBlocks(address, rights.allowedAddresses)) return { outcome: 'foreignAddress', address }
    return { outcome: 'known', deploymentId: key.deploymentId, appId }
  }

  return { handle, identifyKey }
}

function toBackend(call: GatewayCall, { operation, parameters, rawPath }: Allowed): BackendCall {
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
