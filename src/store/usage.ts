/** What came of a call of a known key. */
export type UsageOutcome = 'allowed' | 'refused' | 'failed'

/** Calls that were counted since the last batch. Hours are RFC 3339 UTC texts, `…T14:00:00.000Z`. */
export type UsageBatch = {
  /** One for each key, operation, outcome and hour. */
  calls: readonly {
    appId: string
    /** Empty where a call was for no operation of the plan. */
    operation: string
    outcome: UsageOutcome
    hour: string
    calls: number
    lastAt: string
  }[]
  /** The last allowed call of each key by each of its secrets. */
  lastUses: readonly {
    appId: string
    at: string
    operation: string
    address: string | null
    withOldSecret: boolean
  }[]
  /** Where allowed calls came from: one for each key and address. */
  addresses: readonly { appId: string; address: string; calls: number; lastAt: string }[]
  /** 403s of known keys: one for each key, operation and reason. */
  refusedCalls: readonly (Refusals & {
    appId: string
    operation: string
    reason: 'notGranted' | 'address'
  })[]
  /** 401s: one for each deployment, App ID and reason. */
  refusedCredentials: readonly (Refusals & {
    deploymentId: string
    /** As it was sent, where it has the form of one; empty otherwise. */
    appId: string
    reason: 'unknown' | 'wrongSecret' | 'disabled' | 'expired'
  })[]
}

/** How often something was refused, and when and from where. */
export type Refusals = {
  calls: number
  firstAt: string
  lastAt: string
  lastAddress: string | null
}
