/** `full`: the disk is full, reads still work. `unavailable`: no answer, or not in time. */
export type StoreErrorReason = 'full' | 'unavailable'

/**
 * A failure outside of Latchkey that may pass. Thrown by a host's dialect; the message is for logs,
 * not for callers. Nothing was written, unless the response to a commit was lost.
 */
export class StoreError extends Error {
  readonly reason: StoreErrorReason

  constructor(reason: StoreErrorReason, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause })
    this.name = 'StoreError'
    this.reason = reason
  }
}
