import { randomBytes } from 'node:crypto'
import type { Figures } from '../../contract/deployments/schemas.ts'
import { SERIES } from '../../contract/deployments/series.ts'
import type { CallCounter } from '../../gateway/usage/call-counter.ts'
import type { CallFigures } from '../../management/ports.ts'
import type { RecentCallStore, SlotCalls } from '../../store/usage/recent-calls.ts'

/** Live figures of calls, summed over all servers on a store. */
export type ClusterCalls = CallFigures & {
  /** Stores this server's counts since the last time, for deployments in the store. */
  share(stored: ReadonlySet<string>): Promise<void>
}

type ClusterCallsPorts = { counter: CallCounter; store: RecentCallStore; now: () => Date }

/** Adds the other servers' counts, which are some seconds old, to this server's. */
export function createClusterCalls({ counter, store, now }: ClusterCallsPorts): ClusterCalls {
  const server = randomBytes(9).toString('base64url')
  const runningSlot = () => Math.floor(now().getTime() / 1000 / SERIES.secondsPerSlot)
  let shared = 0

  return {
    lastAllowedAt: (deploymentId) => counter.lastAllowedAt(deploymentId),

    async apiCalls(deploymentId) {
      const before = runningSlot() - SERIES.slots - 1
      const figures = counter.apiCalls(deploymentId)
      const others = await store.ofOthers(server, deploymentId, before)
      return others.reduce((sum, calls) => withCalls(sum, calls, before + 1), figures)
    },

    async share(stored) {
      const calls = counter.callsAfter(shared).filter((one) => stored.has(one.deploymentId))
      await store.add(server, calls)
      shared = Math.max(shared, ...calls.map(({ slot }) => slot))
      await store.prune(runningSlot() - SERIES.slots - 1)
    },
  }
}

const SLOTS_PER_MINUTE = 60 / SERIES.secondsPerSlot

function withCalls(
  { perMinute, series }: Figures['apiCalls'],
  { slot, allowed, refused, failed }: SlotCalls,
  first: number,
): Figures['apiCalls'] {
  const at = slot - first
  const isLastMinute = at >= SERIES.slots - SLOTS_PER_MINUTE && at < SERIES.slots
  return {
    perMinute: isLastMinute
      ? {
          allowed: perMinute.allowed + allowed,
          refused: perMinute.refused + refused,
          failed: perMinute.failed + failed,
        }
      : perMinute,
    series: series.map((count, index) =>
      index === at ? count + allowed + refused + failed : count,
    ),
  }
}
