import type { BackendAnswer, HeaderBag } from '../contract/backend.ts'
import type { Failure } from './error-responses.ts'
import type { Target } from './target.ts'
import type { CallOutcome } from './usage/call-counter.ts'

/** A request to `/{deploymentId}/api…`, as the host received it. */
export type GatewayCall = {
  method: string
  target: Target
  /** The client's address; null if the host doesn't know it. */
  address: string | null
  /** Identifies the call in the host's logs; the backend gets it as `X-Request-Id`. */
  requestId: string
  /** All headers of the request, names in lower case; repeated ones joined with a comma. */
  headers: HeaderBag
  /** Null if there is none, or an empty one. */
  body: AsyncIterable<Uint8Array> | null
  /** Aborts when the client disconnects. */
  signal: AbortSignal
}

/** The response to a call. */
export type GatewayAnswer = BackendAnswer & {
  outcome: CallOutcome
  /** The deployment; null for an unknown id, since callers can make up any number of them. */
  deploymentId: string | null
  /** Why the call failed; null unless the outcome is `failed`. */
  failure: Failure | null
  /** The authenticated key; null if authentication failed. */
  appId: string | null
  /** Why the backend gave no answer, for logs alone: it may name internal addresses. */
  detail: string | null
  /** How many milliseconds the host should hold the answer back; see `TARPIT_DELAY_MS`. */
  delayMs: number
}
