import type {
  KeyHealth,
  RefusedCalls,
  RefusedCredentials,
  Usage,
} from '../../contract/usage/schemas.ts'
import type { SpanCalls } from '../../store/usage/usage.ts'
import { findDeployment } from '../deployments/deployments.ts'
import { findApiKey } from '../keys/api-key-view.ts'
import type { ManagementPorts } from '../ports.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const HOURLY_DAYS_MAX = 7
const ADDRESSES_SHOWN = 20

type Key = { deploymentId: string; appId: string }

/** The use of a key in the last days, including the current hour or day. Throws a 404. */
export async function getUsage(
  { store, now }: Pick<ManagementPorts, 'store' | 'now'>,
  { deploymentId, appId }: Key,
  days: number,
): Promise<Usage> {
  await findDeployment(store, deploymentId)
  const { useRecordedSince } = await findApiKey(store, deploymentId, appId)
  const span = days <= HOURLY_DAYS_MAX ? 'hour' : 'day'
  const starts = spanStarts(span, days, now())
  const since = starts[0] ?? now().toISOString()
  const [calls, operations, addresses] = await Promise.all([
    store.usage.callsOf(appId, since),
    store.usage.operationsOf(appId, since),
    store.usage.addressesOf(appId, ADDRESSES_SHOWN),
  ])
  return {
    recordedSince: useRecordedSince,
    span,
    calls: sumBySpan(starts, span, calls),
    operations,
    addresses: addresses.map(({ address, calls: allowed, lastAt: lastUsedAt }) => ({
      address,
      allowed,
      lastUsedAt,
    })),
  }
}

/** The starts of the hours or days in this many days, in UTC, the current one last. */
function spanStarts(span: Usage['span'], days: number, now: Date): string[] {
  const length = span === 'hour' ? HOUR : DAY
  const count = (days * DAY) / length
  const last = Math.floor(now.getTime() / length) * length
  return Array.from({ length: count }, (_, index) =>
    new Date(last - (count - 1 - index) * length).toISOString(),
  )
}

function sumBySpan(
  starts: readonly string[],
  span: Usage['span'],
  calls: readonly SpanCalls[],
): Usage['calls'] {
  const sums = new Map(starts.map((start) => [start, { start, allowed: 0, refused: 0, failed: 0 }]))
  for (const { start, outcome, calls: count } of calls) {
    const sum = sums.get(span === 'hour' ? start : `${start.slice(0, 10)}T00:00:00.000Z`)
    if (sum) sum[outcome] += count
  }
  return [...sums.values()]
}

/** The denied calls of a key, by operation. Throws a 404. */
export async function listRefusedCalls(
  { store }: Pick<ManagementPorts, 'store'>,
  { deploymentId, appId }: Key,
): Promise<RefusedCalls> {
  await findDeployment(store, deploymentId)
  await findApiKey(store, deploymentId, appId)
  return { items: await store.usage.refusedCallsOf(appId), nextCursor: null }
}

/** The failed credentials at a deployment, by App ID. Throws a 404. */
export async function listRefusedCredentials(
  { store }: Pick<ManagementPorts, 'store'>,
  deploymentId: string,
): Promise<RefusedCredentials> {
  await findDeployment(store, deploymentId)
  return { items: await store.usage.refusedCredentialsOf(deploymentId), nextCursor: null }
}

/** The number of a deployment's keys in each condition that needs attention. Throws a 404. */
export async function getKeyHealth(
  { store, now }: Pick<ManagementPorts, 'store' | 'now'>,
  deploymentId: string,
): Promise<KeyHealth> {
  await findDeployment(store, deploymentId)
  return { counts: await store.apiKeys.countByCondition(deploymentId, now()) }
}
