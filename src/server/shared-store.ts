import type { Backend } from '../contract/backend.ts'
import type { KeyForCall } from '../store/api-key-records.ts'
import type { Store } from '../store/store.ts'
import type { OpenBackends } from './backend-directory.ts'
import type { EmbeddedOwner } from './embedded-owner.ts'
import type { Log } from './logs.ts'
import { repeat } from './repeat.ts'

const FOLLOW_EVERY = 2000

type FollowPorts = {
  store: Store
  backends: OpenBackends
  owner: EmbeddedOwner
  log: Log
}

/** A server's part in following what other servers on its store do. */
export type Following = {
  /** The backend of a key's deployment as it is stored now. */
  backendFor(key: KeyForCall): Backend | undefined | Promise<Backend | undefined>
  /** Ends it, and lets another server have the embedded brokers. */
  stop(): Promise<void>
}

/**
 * Keeps this server's open backends to what is stored, whichever server changed it, and has it
 * run the embedded brokers when no other does. A call never waits for that: the read of its key
 * tells whether the backend that is open is the right one.
 */
export function followOthers({ store, backends, owner, log }: FollowPorts): Following {
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
  }

  const onError = (error: unknown) =>
    log.warn('The deployments could not be looked up', { reason: String(error) })
  return {
    stop: repeat(follow, { every: FOLLOW_EVERY, onError }),
    backendFor({ deploymentId, deploymentCreatedAt }) {
      return backends.ofVersion(deploymentId, deploymentCreatedAt) ?? reopened(deploymentId)
    },
  }

  async function reopened(deploymentId: string): Promise<Backend | undefined> {
    const deployment = await store.deployments.get(deploymentId)
    return deployment && backends.of(deployment)
  }
}
