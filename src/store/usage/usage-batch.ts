/** The outcome of a call with a known key. */
export type UsageOutcome = 'allowed' | 'refused' | 'failed'

/** Counts since the last batch. Hours are RFC 3339 UTC, such as `2026-11-23T14:00:00.000Z`. */
export type UsageBatch = {
  /** By key, operation, outcome and hour. */
  calls: readonly {
    appId: string
    /** Empty for an operation outside of the catalog. */
    operation: string
    outcome: UsageOutcome
    hour: string
    calls: number
    lastAt: string
    /** Address of the last call; null if unknown. */
    lastAddress: string | null
  }[]
  /** Last allowed calls with a secret from before a rotation. */
  oldSecretUses: readonly { appId: string; secretHash: string; at: string }[]
  /** Source addresses of allowed calls, by key and address. */
  addresses: readonly { appId: string; address: string; calls: number; lastAt: string }[]
  /** 403s, by key, operation and reason. */
  refusedCalls: readonly (Refusals & {
    appId: string
    operation: string
    reason: 'notGranted' | 'address'
  })[]
  /** 401s, by deployment, App ID and reason. */
  refusedCredentials: readonly (Refusals & {
    deploymentId: string
    /** As sent if it has the form of an App ID, empty otherwise. */
    appId: string
    reason: 'unknown' | 'wrongSecret' | 'disabled' | 'expired'
  })[]
}

/** How often something was refused, when and from where. */
export type Refusals = {
  calls: number
  firstAt: string
  lastAt: string
  lastAddress: string | null
}
