import { PROBLEM_MEDIA_TYPE, Problem } from '../../contract/http/problem.ts'
import type { Self } from '../../contract/keys/schemas.ts'
import type { KeyIdentity, ManagementPorts } from '../ports.ts'
import { findApiKey, toApiKey } from './api-key-view.ts'

/** The deployment key that a request proved to have. */
export type KnownKey = { deploymentId: string; appId: string }

/** What a deployment key may know of itself. */
export async function showSelf(
  { store, now }: Pick<ManagementPorts, 'store' | 'now'>,
  { deploymentId, appId }: KnownKey,
): Promise<Self> {
  const apiKey = toApiKey(await findApiKey(store, deploymentId, appId), now())
  const { access, expiresAt, status } = apiKey
  return { appId, access, expiresAt, status }
}

/** The answer to who shows no deployment key that is good here and now. */
export function keyRefusal(identity: Exclude<KeyIdentity, { outcome: 'known' }>): Response {
  const problem = problemOf(identity)
  return new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: {
      'content-type': PROBLEM_MEDIA_TYPE,
      ...(problem.status === 401 && {
        'www-authenticate': 'Basic realm="Latchkey Deployment API", charset="UTF-8"',
      }),
      ...(problem.retryAfter !== undefined && { 'retry-after': String(problem.retryAfter) }),
    },
  })
}

function problemOf(identity: Exclude<KeyIdentity, { outcome: 'known' }>): Problem {
  if (identity.outcome === 'foreignAddress') {
    const from = identity.address ?? 'an unknown address'
    return new Problem(
      403,
      `This key may not be used from ${from}. Call from one of its allowed addresses, or have this one added to them.`,
    )
  }
  if (identity.outcome === 'tooManyGuesses') {
    return new Problem(
      429,
      'Too many calls with a wrong App ID or App Secret came from this address. Correct them, or wait as long as Retry-After says; the right ones are let in at once.',
      [],
      Math.ceil(identity.wait / 1000),
    )
  }
  return new Problem(
    401,
    'App ID or App Secret is missing, malformed or wrong. Send both of one key by HTTP Basic.',
  )
}
