/**
 * `full`: there is no room to write, and reading goes on. `away`: the engine gives no answer, or
 * not in time.
 */
export type StoreFaultReason = 'full' | 'away'

/**
 * Thrown by a host's dialect where what fails lies outside of Latchkey and may pass. The message
 * is for logs, not for callers; nothing of the work was done, except where a commit's own answer
 * was lost on the way.
 */
export class StoreFault extends Error {
  readonly reason: StoreFaultReason

  constructor(reason: StoreFaultReason, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause })
    this.name = 'StoreFault'
    this.reason = reason
  }
}
