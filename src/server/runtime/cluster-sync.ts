import { createHmac, hkdfSync } from 'node:crypto'
import type { Backend } from '../../contract/backend.ts'
import type { GatewayPorts } from '../../gateway/gateway-ports.ts'
import type { CallCounter } from '../../gateway/usage/call-counter.ts'
import type { CallFigures } from '../../management/ports.ts'
import type { Store } from '../../store/store.ts'
import { KEY_POLICY, NO_DELAY } from '../../throttle/policy.ts'
import { StoredLimiter } from '../../throttle/stored-limiter.ts'
import type { Metrics } from '../metrics/metrics.ts'
import { createClusterCalls } from './cluster-calls.ts'
import type { LeaderElection } from './leader-election.ts'
import type { OpenBackends } from './open-backends.ts'
import { runEvery } from './run-every.ts'

const SYNC_INTERVAL_MS = 2000

type ClusterSyncPorts = {
  store: Store
  encryptionKey: Uint8Array
  backends: OpenBackends
  counter: CallCounter
  leader: LeaderElection
  now: () => Date
  onError: (error: unknown) => void
  metrics: Pick<Metrics, 'timeWork'>
}

/** Keeps this server in sync with the other servers on its store. */
export type ClusterSync = {
  gatewayPorts: Pick<GatewayPorts, 'backendFor' | 'sharedLimiter'>
  /** Live figures of calls, summed over all servers. */
  calls: CallFigures
  /** Stops it and waits for a run in progress. */
  stop(): Promise<void>
}

/**
 * Periodically opens and closes backends as other servers add and remove deployments, takes part
 * in leader election, and shares figures. Calls don't wait for it: the read of a key says which
 * version of the deployment is current, and an outdated backend is reopened at once.
 */
export function startClusterSync(ports: ClusterSyncPorts): ClusterSync {
  const { store, encryptionKey, backends, counter, leader, now, onError, metrics } = ports
  const calls = createClusterCalls({ counter, store: store.recentCalls, now })
  let missingBefore = new Set<string>()

  async function sync(): Promise<void> {
    await backends.runEmbedded(await leader.tryAcquire())
    const deployments = await store.deployments.list()
    for (const deployment of deployments) await backends.of(deployment)
    const stored = new Set(deployments.map(({ id }) => id))
    const missing = backends.ids().filter((id) => !stored.has(id))
    // A backend is opened before its deployment is committed, so it is closed on the second miss.
    for (const id of missing.filter((one) => missingBefore.has(one))) await backends.close(id)
    missingBefore = new Set(missing)
    await calls.share(stored)
  }

  const secret = Buffer.from(
    hkdfSync('sha256', encryptionKey, '', 'latchkey failed key attempts', 32),
  )
  const limiter = new StoredLimiter({
    store: store.failedAttempts,
    policy: KEY_POLICY,
    digest: (text) => createHmac('sha256', secret).update(text).digest('base64url'),
    now,
  })
  return {
    calls,
    stop: runEvery(() => metrics.timeWork('servers.follow', sync), {
      intervalMs: SYNC_INTERVAL_MS,
      onError,
    }),
    gatewayPorts: {
      backendFor({ deploymentId, deploymentCreatedAt }) {
        return backends.ofVersion(deploymentId, deploymentCreatedAt) ?? reopened(deploymentId)
      },
      sharedLimiter: {
        // Without the store, each server's own limiter still applies.
        count: (keys) =>
          limiter.count(keys).catch((error: unknown) => {
            onError(error)
            return NO_DELAY
          }),
      },
    },
  }

  async function reopened(deploymentId: string): Promise<Backend | undefined> {
    const deployment = await store.deployments.get(deploymentId)
    return deployment && backends.of(deployment)
  }
}
