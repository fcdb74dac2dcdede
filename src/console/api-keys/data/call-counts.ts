import type { Usage } from '../../../contract/usage/schemas.ts'

/** The calls of one hour or day, by outcome. */
export type CallCounts = Usage['calls'][number]

/** The outcomes of calls, in the order in which a chart stacks them. */
export const outcomes = ['allowed', 'refused', 'failed'] as const
export type Outcome = (typeof outcomes)[number]

/** Adds up the outcomes of one hour or day. */
export function totalCalls({ allowed, refused, failed }: CallCounts): number {
  return allowed + refused + failed
}

/** Adds up all hours or days, by outcome. */
export function sumCalls(calls: readonly CallCounts[]): Record<Outcome, number> {
  const sum = { allowed: 0, refused: 0, failed: 0 }
  for (const one of calls) for (const outcome of outcomes) sum[outcome] += one[outcome]
  return sum
}
