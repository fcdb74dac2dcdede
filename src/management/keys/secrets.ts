import { sha256 } from '../../contract/bytes.ts'
import { newAppSecret } from '../../contract/keys/credentials.ts'
import type { ApiKey, CreatedApiKey, Rotation } from '../../contract/keys/schemas.ts'
import type { ApiKeyTarget } from '../../store/keys/api-keys.ts'
import { changesBetween, recordActivity } from '../activity/activity-entry.ts'
import { findDeployment } from '../deployments/deployments.ts'
import { unwrapChange } from '../http/etag.ts'
import type { Principal, ManagementPorts } from '../ports.ts'
import { findApiKey, validOldSecret, toSubject, toApiKey } from './api-key-view.ts'

/**
 * Replaces the secret of a key. The new one is in the result, its hash in the store, and neither
 * anywhere else.
 */
export async function rotateApiKey(
  ports: ManagementPorts,
  principal: Principal,
  target: ApiKeyTarget,
  { keepOldSecretFor }: Rotation,
): Promise<CreatedApiKey> {
  const now = ports.now()
  const appSecret = newAppSecret(ports.random)
  const secretHash = await sha256(appSecret)
  return ports.store.transaction(async (parts) => {
    const deployment = await findDeployment(parts, target.deploymentId)
    const before = await findApiKey(parts, target.deploymentId, target.appId)
    const end = new Date(now.getTime() + keepOldSecretFor * 1000).toISOString()
    const oldSecret = { endsAt: end, lastUsedAt: null }
    const kept = validOldSecret({ ...before, oldSecret }, now)
    const oldSecretEndsAt = kept?.endsAt ?? null
    const outcome = await parts.apiKeys.rotate(target, { secretHash, oldSecretEndsAt })
    const record = unwrapChange(outcome, 'API key')
    await recordActivity(parts, principal, now, {
      action: 'apiKey.rotate',
      subject: toSubject(record),
      deployment,
      changes: changesBetween(
        { oldSecretEndsAt: validOldSecret(before, now)?.endsAt ?? null },
        { secret: 'changed', oldSecretEndsAt },
      ),
    })
    return { apiKey: toApiKey(record, now), appSecret }
  })
}

/** Revokes the old secret of a rotated key at once. */
export async function endOldSecret(
  ports: ManagementPorts,
  principal: Principal,
  target: ApiKeyTarget,
): Promise<ApiKey> {
  const now = ports.now()
  return ports.store.transaction(async (parts) => {
    const deployment = await findDeployment(parts, target.deploymentId)
    const before = await findApiKey(parts, target.deploymentId, target.appId)
    if (before.version !== target.version) return unwrapChange({ outcome: 'stale' }, 'API key')
    const ended = validOldSecret(before, now)
    if (!ended) return toApiKey(before, now)
    const record = unwrapChange(await parts.apiKeys.endOldSecret(target), 'API key')
    await recordActivity(parts, principal, now, {
      action: 'apiKey.endOldSecret',
      subject: toSubject(record),
      deployment,
      changes: changesBetween({ oldSecretEndsAt: ended.endsAt }, {}),
    })
    return toApiKey(record, now)
  })
}
