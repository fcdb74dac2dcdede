import { createHmac, hkdfSync } from 'node:crypto'
import type { Backend } from '../../contract/backend.ts'
import type { GatewayPorts } from '../../gateway/gateway-ports.ts'
import type { CallCounter } from '../../gateway/usage/call-counter.ts'
import type { CallFigures } from '../../management/ports.ts'
import type { Store } from '../../store/store.ts'
import { KEY_POLICY, NO_DELAY } from '../../throttle/policy.ts'
import { StoredLimiter } from '../../throttle/stored-limiter.ts'
import type { Metrics } from '../metrics/metrics.ts'
import type { OpenBackends } from './backend-directory.ts'
import type { EmbeddedOwner } from './leader-election.ts'
import { repeat } from './run-every.ts'
import { createSharedCalls } from './shared-calls.ts'

const FOLLOW_EVERY = 2000

type FollowPorts = {
  store: Store
  sealingKey: Uint8Array
  backends: OpenBackends
  counter: CallCounter
  owner: EmbeddedOwner
  now: () => Date
  onError: (error: unknown) => void
  metrics: Pick<Metrics, 'timeWork'>
}

/** A server's part in following what other servers on its store do. */
export type Following = {
  gatewayPorts: Pick<GatewayPorts, 'backendFor' | 'sharedLimiter'>
  /** The live figures over all servers. */
  calls: CallFigures
  /** Ends it, once what is under way is done. */
  stop(): Promise<void>
}

/**
 * Keeps this server's open backends to what is stored, whichever server changed it, and has it
 * run the embedded brokers when no other does. A call never waits for that: the read of its key
 * tells whether the backend that is open is the right one.
 */
export function followOthers(ports: FollowPorts): Following {
  const { store, sealingKey, backends, counter, owner, now, onError, metrics } = ports
  const calls = createSharedCalls({ counter, store: store.recentCalls, now })
  let unstored = new Set<string>()

  async function follow(): Promise<void> {
    await backends.runEmbedded(await owner.claim())
    const deployments = await store.deployments.list()
    for (const deployment of deployments) await backends.of(deployment)
    const stored = new Set(deployments.map(({ id }) => id))
    const missing = backends.ids().filter((id) => !stored.has(id))
    // One that is missing once may be about to be stored: it is opened in its transaction.
    for (const id of missing.filter((one) => unstored.has(one))) await backends.close(id)
    unstored = new Set(missing)
    await calls.share(stored)
  }

  const secret = Buffer.from(hkdfSync('sha256', sealingKey, '', 'latchkey failed key attempts', 32))
  const limiter = new StoredLimiter({
    store: store.failedAttempts,
    policy: KEY_POLICY,
    digest: (text) => createHmac('sha256', secret).update(text).digest('base64url'),
    now,
  })
  return {
    calls,
    stop: repeat(() => metrics.timeWork('servers.follow', follow), {
      every: FOLLOW_EVERY,
      onError,
    }),
    gatewayPorts: {
      backendFor({ deploymentId, deploymentCreatedAt }) {
        return backends.ofVersion(deploymentId, deploymentCreatedAt) ?? reopened(deploymentId)
      },
      sharedLimiter: {
        // Without the store each server still counts for itself.
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
