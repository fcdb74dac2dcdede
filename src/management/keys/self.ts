import { Problem } from '../../contract/http/problem.ts'
import {
  addressNotAllowedText,
  badCredentialsText,
  RATE_LIMITED_TEXT,
  type KeyIdentity,
} from '../../contract/keys/key-identity.ts'
import type { Self } from '../../contract/keys/schemas.ts'
import type { ManagementPorts } from '../ports.ts'
import { findApiKey, toApiKey } from './api-key-view.ts'

/** A deployment key whose credentials a request has proved. */
export type DeploymentKey = { deploymentId: string; appId: string }

/** What a deployment key may read of itself. */
export async function showSelf(
  { store, now }: Pick<ManagementPorts, 'store' | 'now'>,
  { deploymentId, appId }: DeploymentKey,
): Promise<Self> {
  const apiKey = toApiKey(await findApiKey(store, deploymentId, appId), now())
  const { access, expiresAt, status } = apiKey
  return { appId, access, expiresAt, status }
}

/** The problem of a request whose credentials don't prove a key that may be used here and now. */
export function keyProblem(identity: Exclude<KeyIdentity, { outcome: 'known' }>): Problem {
  if (identity.outcome === 'addressNotAllowed') {
    return new Problem(403, addressNotAllowedText(identity.address))
  }
  if (identity.outcome === 'rateLimited') {
    return new Problem(429, RATE_LIMITED_TEXT, [], Math.ceil(identity.delay / 1000))
  }
  return new Problem(401, badCredentialsText('key'))
}
