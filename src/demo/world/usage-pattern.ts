import type { OperationId } from '../../contract/catalog/operation.ts'

/** When a key is used. */
export type Rhythm = 'always' | 'office' | 'nightly' | 'sometimes' | 'once'

/** How a sample key is used. */
export type UsagePattern = {
  rhythm: Rhythm
  /** Calls per hour of use, by operation. The last call is one of the first operation. */
  calls: Partial<Record<OperationId, number>>
  /** Source addresses, the most recent first. */
  addresses: readonly string[]
  /** Age of the last call in days. */
  lastDaysAgo: number
  /** Calls that the gateway refused. */
  refused?: readonly SampleRefusal[]
  /** Age in days of the last call with the secret from before the rotation. */
  oldSecretDaysAgo?: number
}

export type SampleRefusal = {
  operation: OperationId
  reason: 'notGranted' | 'address'
  calls: number
  lastDaysAgo: number
  address: string
}
