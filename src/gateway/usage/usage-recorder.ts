import type { UsageBatch } from '../../store/usage/usage-batch.ts'
import { toBatches } from './usage-batches.ts'
import { UsageCounts, type RecordedCall, type RecordedCredentials } from './usage-counts.ts'

/** What a recorder needs of its host. */
export type UsageRecorderPorts = {
  now: () => Date
  /** Stores a whole batch, or rejects with nothing of it stored. */
  write: (batch: UsageBatch) => Promise<void>
  /** Called when calls had to be left out of the record. */
  onError: (error: unknown) => void
}

/**
 * Write batching: calls are counted in memory, so that none waits for the store, and the host
 * flushes the counts every few seconds. Nothing is lost or counted twice when a write fails: the
 * failed batch is kept as it is and retried first, while new calls are counted separately. Memory
 * is bounded: if the store fails for long, calls are dropped and reported.
 */
export class UsageRecorder {
  readonly #ports: UsageRecorderPorts
  #counts = new UsageCounts()
  #unwritten: UsageBatch[] = []
  #lastFlush: Promise<void> = Promise.resolve()

  constructor(ports: UsageRecorderPorts) {
    this.#ports = ports
  }

  recordCall(call: RecordedCall): void {
    this.#counts.addCall(call)
  }

  recordRefusedCredentials(credentials: RecordedCredentials): void {
    this.#counts.addRefusedCredentials(credentials, this.#ports.now().toISOString())
  }

  /**
   * Writes what was recorded until now, after any flush under way. Rejects when the store does;
   * the next flush retries what wasn't written.
   */
  flush(): Promise<void> {
    const flushed = this.#lastFlush.then(() => this.#write())
    this.#lastFlush = flushed.catch(() => {})
    return flushed
  }

  async #write(): Promise<void> {
    await this.#writeBatches()
    const counts = this.#counts
    this.#counts = new UsageCounts()
    if (counts.dropped > 0) {
      const message = `${counts.dropped} calls are left out of the record of use: the store took none`
      this.#ports.onError(new Error(message))
    }
    this.#unwritten = toBatches(counts)
    await this.#writeBatches()
  }

  async #writeBatches(): Promise<void> {
    for (let batch = this.#unwritten[0]; batch; batch = this.#unwritten[0]) {
      await this.#ports.write(batch)
      this.#unwritten.shift()
    }
  }
}
