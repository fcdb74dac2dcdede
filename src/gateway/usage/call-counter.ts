import type { Figures } from '../../contract/deployments/schemas.ts'
import { RateSeries, SERIES } from '../../contract/deployments/series.ts'
import type { SlotCalls } from '../../store/usage/recent-calls.ts'

/** What came of a call: answered by the backend, refused by the rules, or left without answer. */
export type CallOutcome = 'allowed' | 'refused' | 'failed'

type Counts = Record<CallOutcome, RateSeries> & { lastAllowedAt: Date | null }

/** Counts the gateway's calls of each deployment in memory, since this process started. */
export class CallCounter {
  readonly #now: () => Date
  readonly #deployments = new Map<string, Counts>()

  constructor(now: () => Date) {
    this.#now = now
  }

  #countsOf(deploymentId: string): Counts {
    let counts = this.#deployments.get(deploymentId)
    if (!counts) {
      const series = () => new RateSeries(this.#now)
      counts = { allowed: series(), refused: series(), failed: series(), lastAllowedAt: null }
      this.#deployments.set(deploymentId, counts)
    }
    return counts
  }

  /**
   * Counts one call, answered now or a moment ago at `at`. Only for a deployment that exists:
   * callers can name any number of others.
   */
  add(deploymentId: string, outcome: CallOutcome, at: Date): void {
    const counts = this.#countsOf(deploymentId)
    counts[outcome].add()
    if (outcome === 'allowed') counts.lastAllowedAt = at
  }

  /** Drops what was counted of a removed deployment. */
  forget(deploymentId: string): void {
    this.#deployments.delete(deploymentId)
  }

  apiCalls(deploymentId: string): Figures['apiCalls'] {
    const { allowed, refused, failed } = this.#countsOf(deploymentId)
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

  /** The calls of each full slot after this one; those without any are left out. */
  callsAfter(slot: number): SlotCalls[] {
    return [...this.#deployments].flatMap(([deploymentId, counts]) => {
      const first = counts.allowed.slot - SERIES.slots
      const of = {
        allowed: counts.allowed.counts(),
        refused: counts.refused.counts(),
        failed: counts.failed.counts(),
      }
      return of.allowed
        .map((allowed, at) => {
          const [refused, failed] = [of.refused[at] ?? 0, of.failed[at] ?? 0]
          return { deploymentId, slot: first + at, allowed, refused, failed }
        })
        .filter((one) => one.slot > slot && one.allowed + one.refused + one.failed > 0)
    })
  }

  lastAllowedAt(deploymentId: string): Date | null {
    return this.#deployments.get(deploymentId)?.lastAllowedAt ?? null
  }
}
