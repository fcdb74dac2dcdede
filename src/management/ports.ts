import type { Backend } from '../contract/backend.ts'
import type { RandomBytes } from '../contract/credentials.ts'
import type { Edition } from '../contract/plans.ts'
import type { Figures } from '../contract/schemas.ts'
import type { BackendRecord, DeploymentRecord } from '../store/deployments.ts'
import type { Store } from '../store/store.ts'

/** The backends of a host, open for as long as their deployments exist. */
export interface BackendDirectory {
  get(deploymentId: string): Backend | undefined
  /** Tries a backend before it is saved. Throws a `Problem` naming the field that fails. */
  probe(edition: Edition, backend: BackendRecord): Promise<void>
  /** Starts serving a deployment that is in the store. Throws a `Problem` when it can't. */
  open(deployment: DeploymentRecord): Promise<void>
  /** Ends a removed deployment's backend and what depends on it. */
  close(deploymentId: string): Promise<void>
}

/** What the gateway counted since this process started. */
export interface CallFigures {
  apiCalls(deploymentId: string): Figures['apiCalls']
  lastAllowedAt(deploymentId: string): Date | null
}

/** What the management API needs of its host. */
export type ManagementPorts = {
  store: Store
  backends: BackendDirectory
  calls: CallFigures
  now: () => Date
  random: RandomBytes
  /** The origin under which the caller reaches this host, such as `http://localhost:4080`. */
  origin: (request: Request) => string
  /** Told of an error that the answer doesn't show; what it gets never holds a secret. */
  onError: (error: unknown) => void
}
