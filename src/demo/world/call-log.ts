import { CallCounter, type CallOutcome } from '../../gateway/usage/call-counter.ts'

/** A call through the gateway and its time, in milliseconds since 1970. */
export type LoggedCall = { deploymentId: string; outcome: CallOutcome; at: number }

// Longer than the charts show.
const KEPT_MS = 180_000

/** Makes a counter that has counted these calls at their times. */
export function replayCalls(calls: readonly LoggedCall[], now: () => Date): CallCounter {
  let replayed: Date | undefined
  const counter = new CallCounter(() => replayed ?? now())
  for (const { deploymentId, outcome, at } of calls) {
    replayed = new Date(at)
    counter.add(deploymentId, outcome, replayed)
  }
  replayed = undefined
  return counter
}

/** The calls that figures depend on: recent ones, and each deployment's last allowed one. */
export function recentCalls(calls: readonly LoggedCall[], now: Date): LoggedCall[] {
  const lastAllowed = new Map<string, LoggedCall>()
  for (const call of calls) {
    if (call.outcome === 'allowed') lastAllowed.set(call.deploymentId, call)
  }
  return calls.filter(
    (call) => call.at >= now.getTime() - KEPT_MS || lastAllowed.get(call.deploymentId) === call,
  )
}
