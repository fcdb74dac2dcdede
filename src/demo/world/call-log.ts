import { CallCounter, type CallOutcome } from '../../gateway/usage/call-counter.ts'

/** A call that the gateway answered, and when, in milliseconds since 1970. */
export type LoggedCall = { deploymentId: string; outcome: CallOutcome; at: number }

// Longer than what the charts show.
const KEPT = 180_000

/** A counter that has counted these calls at their times and goes on from now. */
export function restoredCounter(calls: readonly LoggedCall[], now: () => Date): CallCounter {
  let replayed: Date | undefined
  const counter = new CallCounter(() => replayed ?? now())
  for (const { deploymentId, outcome, at } of calls) {
    replayed = new Date(at)
    counter.add(deploymentId, outcome, replayed)
  }
  replayed = undefined
  return counter
}

/** The calls that figures still depend on: the recent ones, and each deployment's last allowed. */
export function worthKeeping(calls: readonly LoggedCall[], now: Date): LoggedCall[] {
  const lastAllowed = new Map<string, LoggedCall>()
  for (const call of calls) {
    if (call.outcome === 'allowed') lastAllowed.set(call.deploymentId, call)
  }
  return calls.filter(
    (call) => call.at >= now.getTime() - KEPT || lastAllowed.get(call.deploymentId) === call,
  )
}
