import { sql, type RawBuilder } from 'kysely'
import type { KeyCondition } from '../contract/key-conditions.ts'

const DAY = 86_400_000
// What wasn't seen in a record as short as this may well be needed.
const LEAST_RECORD_DAYS = 14

/** Whether a condition is true of a row of `api_keys` at this time. */
export function conditionOf(condition: KeyCondition, now: Date): RawBuilder<boolean> {
  return conditions[condition](now)
}

const conditions: Record<KeyCondition, (now: Date) => RawBuilder<boolean>> = {
  fullAccess: () => sql`access_mode = 'full'`,
  neverExpires: () => sql`expires_at is null`,
  unused30: (now) => unusedSince(now, 30),
  unused90: (now) => unusedSince(now, 90),
  oldSecretInUse: (now) => sql`(old_secret_ends_at > ${now.toISOString()}
    and old_secret_last_used_at is not null)`,
  legacy: () => sql`legacy = 1`,
  unusedPermissions: (now) => sql`(access_mode = 'list'
    and use_recorded_since <= ${daysBefore(now, LEAST_RECORD_DAYS)}
    and ${listLength} > ${usedOfList(daysBefore(now, 90))})`,
}

// A key that may have been used before uses were recorded has no `use_recorded_since`.
function unusedSince(now: Date, days: number): RawBuilder<boolean> {
  return sql`(disabled = 0
    and (expires_at is null or expires_at > ${now.toISOString()})
    and coalesce(last_used_at, use_recorded_since) < ${daysBefore(now, days)})`
}

// The list is JSON, which each engine reads by functions of its own. An operation of the
// catalog has no quotation mark, so two of them stand for each, and none is part of another.
const listLength = sql`(length(operations) - length(replace(operations, '"', ''))) / 2`

function usedOfList(since: string): RawBuilder<number> {
  return sql`(select count(*) from used_operations as used
    where used.app_id = api_keys.app_id and used.last_at >= ${since}
      and replace(operations, '"' || used.operation || '"', '') <> operations)`
}

function daysBefore(now: Date, days: number): string {
  return new Date(now.getTime() - days * DAY).toISOString()
}
