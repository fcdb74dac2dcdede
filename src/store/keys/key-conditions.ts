import { sql, type RawBuilder } from 'kysely'
import type { KeyCondition } from '../../contract/keys/key-conditions.ts'

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
    and stalest_operation_used_on < ${dayOf(daysBefore(now, 90))})`,
}

// A key that may have been used before uses were recorded has no `use_recorded_since`. By days: a
// look at each key's last use would keep the lists from their index.
function unusedSince(now: Date, days: number): RawBuilder<boolean> {
  const since = daysBefore(now, days)
  return sql`(disabled = 0
    and (expires_at is null or expires_at > ${now.toISOString()})
    and case when last_used_on is null then use_recorded_since < ${since}
      else last_used_on < ${dayOf(since)} end)`
}

function daysBefore(now: Date, days: number): string {
  return new Date(now.getTime() - days * DAY).toISOString()
}

function dayOf(time: string): string {
  return time.slice(0, 10)
}
