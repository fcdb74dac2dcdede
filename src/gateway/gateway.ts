import { decide, type Decision } from '../contract/access/access.ts'
import { compileRouter, type Router } from '../contract/access/router.ts'
import {
  BackendUnavailable,
  type Backend,
  type BackendAnswer,
  type HeaderBag,
} from '../contract/backend.ts'
import { catalogOf } from '../contract/catalog/catalog.ts'
import type { Catalog } from '../contract/catalog/operation.ts'
import { planRules, type Version } from '../contract/plans.ts'
import type { KeyForCall } from '../store/api-key-records.ts'
import type { CallCounter, CallOutcome } from './call-counter.ts'
import { isFromForeignPage } from './foreign-page.ts'
import { GuessGuard, HELD_REFUSAL } from './guess-guard.ts'
import { answeredHeaders, forwardedHeaders, forwardedQuery } from './headers.ts'
import { createIdentify, type Caller, type Identity, type IdentifyPorts } from './identify.ts'
import { badCredentials, notOffered, refusal, tooManyGuesses, unavailable } from './refusals.ts'
import { isV5Target, pathBelowV5, type Target } from './target.ts'

/** What the gateway needs of its host. */
export type GatewayPorts = IdentifyPorts & {
  backendOf(deploymentId: string): Backend | undefined
  counter: CallCounter
  /** Told of an error that the answer doesn't show; what it gets never holds a secret. */
  onError(error: unknown): void
}

/** A request to `/{deploymentId}/api…` as its host got it. */
export type GatewayCall = {
  method: string
  target: Target
  /** Where it comes from; null where the host doesn't know. */
  address: string | null
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
  /** Whose secret was right; null with bad credentials. */
  appId: string | null
  /** Why the backend gave no answer, for logs; the body doesn't tell where it is. */
  detail: string | null
  /** How many milliseconds the host should keep the answer: a guesser gets it late. */
  holdFor: number
}

export type Gateway = { handle(call: GatewayCall): Promise<GatewayAnswer> }

type Allowed = Extract<Decision, { outcome: 'allowed' }> & { rawPath: string }

/**
 * Checks Deployment API calls by the access rules and forwards the allowed ones.
 * `handle` never rejects: whatever fails becomes an answer.
 */
export function createGateway(ports: GatewayPorts): Gateway {
  const routers = new Map<Catalog, Router>()
  const identify = createIdentify(ports)
  const guard = new GuessGuard(ports.now)

  function routerOf(key: KeyForCall): Router {
    const catalog = catalogOf(key)
    let router = routers.get(catalog)
    if (!router) routers.set(catalog, (router = compileRouter(catalog)))
    return router
  }

  function refuseGuess(form: Version, { target, address }: GatewayCall, appId: string) {
    const wait = guard.waitAfterGuess(target.deploymentId, appId, address)
    return wait === 0 ? badCredentials(form) : tooManyGuesses(form, wait)
  }

  async function handle(call: GatewayCall): Promise<GatewayAnswer> {
    const { deploymentId } = call.target
    const backend = ports.backendOf(deploymentId)
    const settle = (
      outcome: CallOutcome,
      appId: string | null,
      answer: BackendAnswer,
      detail: string | null = null,
    ) => {
      if (backend) ports.counter.add(deploymentId, outcome)
      const { status, headers } = answer
      const body = call.method === 'HEAD' ? null : answer.body
      const holdFor = status === 429 && appId === null ? HELD_REFUSAL : 0
      return { status, headers, body, outcome, appId, detail, holdFor }
    }

    // Before the key is known, so that the form of a 401 doesn't tell which deployments exist.
    const form: Version = isV5Target(call.target) ? 'v5' : 'v4'
    let identity: Identity
    try {
      identity = await identify(deploymentId, call.headers)
    } catch (error) {
      ports.onError(error)
      return settle('failed', null, unavailable(form, 'store'))
    }
    if (identity === 'noCredentials') return settle('refused', null, badCredentials(form))
    if ('refusedAppId' in identity) {
      return settle('refused', null, refuseGuess(form, call, identity.refusedAppId))
    }

    const { caller } = identity
    const { appId, key } = caller
    const verdict = judge(routerOf(key), caller, call)
    if ('status' in verdict) return settle('refused', appId, verdict)
    if (!backend) return settle('failed', appId, unavailable(key.version, 'unreachable'))
    if (!backend.supports(verdict.operation.id)) {
      return settle('failed', appId, notOffered(key.version, verdict.operation.id))
    }
    try {
      return settle('allowed', appId, await forward(backend, call, verdict))
    } catch (error) {
      if (error instanceof BackendUnavailable) {
        return settle('failed', appId, unavailable(key.version, error.reason), error.message)
      }
      if (!call.signal.aborted) ports.onError(error)
      return settle('failed', appId, unavailable(key.version, 'broken'))
    }
  }

  return { handle }
}

/** Applies the access rules; anything but an allowed call is its refusal. */
function judge(router: Router, caller: Caller, call: GatewayCall): Allowed | BackendAnswer {
  const { appId, key, access } = caller
  const { version } = key
  const { method, target, headers } = call
  // Once told a key at its own prompt, a browser adds it to any page's form.
  if (method !== 'GET' && method !== 'HEAD' && isFromForeignPage(headers)) {
    const message =
      "A page of another origin asked for this change, so it was not made. Call from a program, or from a page of Latchkey's own origin."
    return refusal(version, 403, message)
  }
  if (version === 'v5' && !isV5Target(target)) {
    const base = `/${target.deploymentId}${planRules(key).apiBasePath}`
    return refusal(version, 404, `The API of this deployment is at ${base}.`)
  }
  const rawPath = version === 'v5' ? pathBelowV5(target) : target.apiPath
  if (target.rawQuery.includes('#')) {
    return refusal(version, 400, 'The address has a fragment. Leave out "#" and what follows it.')
  }
  const decision: Decision =
    rawPath === '' ? { outcome: 'unknownOperation' } : decide(router, access, method, rawPath)
  if (decision.outcome === 'malformedPath') {
    const problem = `The path can't be read in one way only: ${decision.problem}.`
    return refusal(version, 400, `${problem} Nothing was forwarded.`)
  }
  if (decision.outcome === 'unknownOperation') {
    const message = `The API of this deployment has no ${method} at this path, for any key.`
    return refusal(version, 404, message)
  }
  const required = decision.operation.id
  if (decision.outcome === 'notGranted') {
    const message = `This key may not call ${required}. Add it to the key's permissions, or use another key.`
    return refusal(version, 403, message, { required, appId })
  }
  if (call.body && decision.operation.method === 'GET') {
    return refusal(version, 400, `${required} takes no body. Send the call without one.`)
  }
  return { ...decision, rawPath }
}

async function forward(
  backend: Backend,
  call: GatewayCall,
  { operation, parameters, rawPath }: Allowed,
): Promise<BackendAnswer> {
  const answer = await backend.call({
    operation,
    parameters,
    method: call.method,
    rawPath,
    rawQuery: forwardedQuery(call.target.rawQuery),
    headers: forwardedHeaders(call.headers),
    body: call.body,
    signal: call.signal,
  })
  return { status: answer.status, headers: answeredHeaders(answer.headers), body: answer.body }
}
