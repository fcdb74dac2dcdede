import type { BackendAnswer, BackendUnavailable } from '../contract/backend.ts'
import type { Version } from '../contract/deployments/plans.ts'
import {
  badCredentialsText,
  KEY_CHALLENGE,
  RATE_LIMITED_TEXT,
} from '../contract/keys/key-identity.ts'

const codes: Record<number, string> = {
  400: 'BAD_REQUEST',
  401: 'BAD_API_KEY_OR_SECRET',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  429: 'TOO_MANY_REQUESTS',
  500: 'INTERNAL_ERROR',
  501: 'NOT_IMPLEMENTED',
  502: 'BAD_GATEWAY',
  503: 'SERVICE_UNAVAILABLE',
  504: 'GATEWAY_TIMEOUT',
}

// EMQX 4's result code for a wrong user or password; it has none for our other errors.
const V4_BAD_CREDENTIALS = 103

/**
 * An error response of the gateway itself, in the format of the deployment's version: the `code`
 * is a string in v5 bodies and an integer in v4 bodies.
 *
 * @param details further members of the body
 */
export function errorResponse(
  version: Version,
  status: number,
  message: string,
  details: Record<string, string> = {},
): BackendAnswer {
  const v4Code = status === 401 ? V4_BAD_CREDENTIALS : status
  const code = version === 'v4' ? v4Code : codes[status]
  const body = new TextEncoder().encode(JSON.stringify({ code, message, ...details }))
  return {
    status,
    headers: {
      'content-type': 'application/json',
      'content-length': String(body.byteLength),
      'cache-control': 'no-store',
      ...(status === 401 && { 'www-authenticate': KEY_CHALLENGE }),
    },
    body,
  }
}

/** The 401 for every kind of failed credentials: nothing in it shows which one it was. */
export function badCredentials(version: Version): BackendAnswer {
  return errorResponse(version, 401, badCredentialsText('key of this deployment'))
}

/** The 429 for failed credentials during a delay of so many more milliseconds. */
export function rateLimited(version: Version, delay: number): BackendAnswer {
  return withRetryAfter(errorResponse(version, 429, RATE_LIMITED_TEXT), Math.ceil(delay / 1000))
}

/** The 501 for an operation of the catalog that the backend doesn't support. */
export function notOffered(version: Version, operationId: string): BackendAnswer {
  return errorResponse(
    version,
    501,
    `The broker of this deployment doesn't offer ${operationId}. Connect the deployment to an EMQX to call it.`,
  )
}

/** Why a call fails through no fault of the caller or the key. */
export type Unavailable = BackendUnavailable['reason'] | 'store' | 'broken'

/** Why a call failed, for logs and metrics. */
export type Failure = Unavailable | 'notOffered'

const failures: Record<Unavailable, { status: number; message: string; retryAfter?: number }> = {
  unreachable: {
    status: 502,
    message: "The deployment's broker can't be reached. Call again once it runs.",
  },
  credentials: {
    status: 502,
    message:
      "The deployment's EMQX refused the API key that Latchkey signs in with. Yours is fine; an operator has to renew Latchkey's.",
  },
  timeout: {
    status: 504,
    message: "The deployment's broker took too long. Whether the call had an effect is not known.",
  },
  elsewhere: {
    status: 503,
    message: 'The embedded broker of this deployment runs on another server of this Latchkey.',
    retryAfter: 5,
  },
  store: {
    status: 503,
    message:
      "The key can't be checked at the moment, so nothing was forwarded. Call again shortly.",
    retryAfter: 1,
  },
  broken: {
    status: 500,
    message: 'Latchkey failed at this call. Its log says why.',
  },
}

/** The 5xx for a call that fails through no fault of the caller or the key. */
export function unavailable(version: Version, failure: Unavailable): BackendAnswer {
  const { status, message, retryAfter } = failures[failure]
  const answer = errorResponse(version, status, message)
  return retryAfter === undefined ? answer : withRetryAfter(answer, retryAfter)
}

/** Adds `Retry-After` in seconds (RFC 9110 section 10.2.3). */
function withRetryAfter({ headers, ...answer }: BackendAnswer, seconds: number): BackendAnswer {
  return { ...answer, headers: { ...headers, 'retry-after': String(seconds) } }
}
