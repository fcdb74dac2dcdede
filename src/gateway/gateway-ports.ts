import type { Backend } from '../contract/backend.ts'
import type { KeyForCall } from '../store/keys/api-key-records.ts'
import type { StoredLimiter } from '../throttle/stored-limiter.ts'
import type { AuthenticateKeyPorts } from './authenticate-key.ts'
import type { CallCounter } from './usage/call-counter.ts'
import type { UsageRecorder } from './usage/usage-recorder.ts'

/** What the gateway needs of its host. */
export type GatewayPorts = AuthenticateKeyPorts & {
  /** The open backend of a deployment, as far as this host knows. */
  backendOf(deploymentId: string): Backend | undefined
  /**
   * The backend of a key's deployment as it is stored now, opened first if necessary. For hosts
   * that share their store with others, which may have added or replaced a deployment.
   */
  backendFor?(key: KeyForCall): Backend | undefined | Promise<Backend | undefined>
  /** Counts failed authentications together with the other hosts on the store. Never rejects. */
  sharedLimiter?: Pick<StoredLimiter, 'count'>
  counter: CallCounter
  recorder: Pick<UsageRecorder, 'recordCall' | 'recordRefusedCredentials'>
  /** Reports an error that the response doesn't show. It never contains a secret. */
  onError(error: unknown, requestId: string): void
}
