import type { OperationId } from '../../../contract/catalog/operation.ts'
import type { Usage } from '../../../contract/usage/schemas.ts'
import { formatAgo } from '../../ui/text/format.ts'

const DAY_MS = 86_400_000
/** Usage is kept for this many days. */
const RECORDED_DAYS_MAX = 90
/** With fewer recorded days, rarely used operations look unused. */
export const MEANINGFUL_DAYS = 14

/** How a key used each operation, from its usage record. */
export type OperationUsage = {
  /** Whole recorded days; undefined if the key may have been used before the record began. */
  days: number | undefined
  /** Operations that were called and not refused, including those that failed. */
  used: ReadonlySet<OperationId>
  /** A text for each operation that was used, and for each granted one that wasn't. */
  texts: ReadonlyMap<OperationId, string>
}

/** Sums up the usage of a key that grants these operations; `now` in milliseconds since 1970. */
export function summarizeOperationUsage(
  usage: Usage,
  granted: Iterable<OperationId>,
  now: number,
): OperationUsage {
  const days = daysSince(usage.recordedSince, now)
  const texts = new Map<OperationId, string>()
  if (days !== undefined) {
    const unused = days === 0 ? 'not used yet' : `unused for ${days} d`
    for (const id of granted) texts.set(id, unused)
  }
  const used = new Set<OperationId>()
  for (const { operation, allowed, failed, lastUsedAt } of usage.operations) {
    if (allowed + failed === 0) continue
    used.add(operation)
    texts.set(
      operation,
      lastUsedAt === null
        ? 'called, but not answered'
        : `last used ${formatAgo(lastUsedAt, now).toLowerCase()}`,
    )
  }
  return { days, used, texts }
}

function daysSince(start: string | null, now: number): number | undefined {
  if (start === null) return undefined
  return Math.max(0, Math.min(RECORDED_DAYS_MAX, Math.floor((now - Date.parse(start)) / DAY_MS)))
}
