import type { OperationId } from '../../../contract/catalog/operation.ts'
import type { Usage } from '../../../contract/usage/schemas.ts'
import { formatAgo } from '../../ui/text/format.ts'

const DAY = 86_400_000
/** For how many days uses are asked for, which is as long as they are kept. */
export const RECORD_DAYS = 90
/** Below this many days what is used less often easily looks unused. */
export const ENOUGH_DAYS = 14

/** What the record of a key says about the use of its operations. */
export type UseRecord = {
  /** Whole days that it goes back; undefined where the key may have been used before it began. */
  days: number | undefined
  /** Operations that were called and not refused, those without an answer among them. */
  used: ReadonlySet<OperationId>
  /** What is said at each operation: the ones that were used, and the unused ones of the key. */
  texts: ReadonlyMap<OperationId, string>
}

/** Reads the record for a key that grants these operations. */
export function readRecord(usage: Usage, granted: Iterable<OperationId>, now: number): UseRecord {
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
  return Math.max(0, Math.min(RECORD_DAYS, Math.floor((now - Date.parse(start)) / DAY)))
}
