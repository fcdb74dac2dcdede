import type { Figures } from '../../contract/deployments/schemas.ts'
import { RateSeries, SERIES } from '../../contract/deployments/series.ts'
import type { SlotCalls } from '../../store/usage/recent-calls.ts'

/** How a call ended: answered by the backend, refused by the gateway, or without an answer. */
export type CallOutcome = 'allowed' | 'refused' | 'failed'

type Counts = Record<CallOutcome, RateSeries> & { lastAllowedAt: Date | null }

/** Counts the calls of each deployment in memory, since this process started, for live charts. */
export class CallCounter {
  readonly #now: () => Date
  readonly #deployments = new Map<string, Counts>()

  constructor(now: () => Date) {
    this.#now = now
  }

  #countsFor(deploymentId: string): Counts {
    let counts = this.#deployments.get(deploymentId)
    if (!counts) {
      const series = () => new RateSeries(this.#now)
      counts = { allowed: series(), refused: series(), failed: series(), lastAllowedAt: null }
      this.#deployments.set(deploymentId, counts)
    }
    return counts
  }

  /**
   * Counts one call that was answered at `at`. For existing deployments only: callers can make up
   * any number of ids.
   */
  add(deploymentId: string, outcome: CallOutcome, at: Date): void {
    const counts = this.#countsFor(deploymentId)
    counts[outcome].add()
    if (outcome === 'allowed') counts.lastAllowedAt = at
  }

  /** Drops the counts of a removed deployment. */
  forget(deploymentId: string): void {
    this.#deployments.delete(deploymentId)
  }

  /** Calls per minute by outcome, and all calls in each time slot of the chart. */
  apiCalls(deploymentId: string): Figures['apiCalls'] {
    const { allowed, refused, failed } = this.#countsFor(deploymentId)
    const [one, two, three] = [allowed.counts(), refused.counts(), failed.counts()]
    return {
      perMinute: {
        allowed: allowed.lastMinute(),
        refused: refused.lastMinute(),
        failed: failed.lastMinute(),
      },
      series: one.map((count, at) => count + (two[at] ?? 0) + (three[at] ?? 0)),
    }
  }

  /** The calls in each completed slot after this one, without empty slots. */
  callsAfter(slot: number): SlotCalls[] {
    return [...this.#deployments].flatMap(([deploymentId, counts]) => {
      const first = counts.allowed.slot - SERIES.slots
      const series = {
        allowed: counts.allowed.counts(),
        refused: counts.refused.counts(),
        failed: counts.failed.counts(),
      }
      return series.allowed
        .map((allowed, at) => {
          const [refused, failed] = [series.refused[at] ?? 0, series.failed[at] ?? 0]
          return { deploymentId, slot: first + at, allowed, refused, failed }
        })
        .filter((one) => one.slot > slot && one.allowed + one.refused + one.failed > 0)
    })
  }

  /** When a call was last allowed since this process started. */
  lastAllowedAt(deploymentId: string): Date | null {
    return this.#deployments.get(deploymentId)?.lastAllowedAt ?? null
  }
}
