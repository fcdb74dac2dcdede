import { sql, type Kysely } from 'kysely'
import type { Database } from '../schema.ts'
import { lockKeys, type Locks } from '../sql/locks.ts'

// Batch size that keeps each transaction short.
const KEYS_PER_STEP = 500

/** Rolls up hours before a time into days, for a batch of keys; false if none are left. */
export async function rollUpHours(
  transaction: Kysely<Database>,
  locks: Locks,
  before: string,
): Promise<boolean> {
  const keys = await keysOfOldest(transaction, locks, 'hour', before)
  if (!keys) return false
  if (keys.length === 0) return true
  const old = sql`app_id in (${sql.join(keys)}) and span = 'hour' and start < ${before}`
  await sql`
    insert into usage (app_id, span, start, operation, outcome, calls)
    select app_id, 'day', substr(start, 1, 10) || 'T00:00:00.000Z', operation, outcome, sum(calls)
    from usage where ${old}
    group by app_id, substr(start, 1, 10), operation, outcome
    on conflict (app_id, span, start, operation, outcome)
    do update set calls = usage.calls + excluded.calls`.execute(transaction)
  await sql`delete from usage where ${old}`.execute(transaction)
  return true
}

/** Deletes days before a time, of a batch of keys; false if none are left. */
export async function deleteOldDays(
  transaction: Kysely<Database>,
  locks: Locks,
  before: string,
): Promise<boolean> {
  const keys = await keysOfOldest(transaction, locks, 'day', before)
  if (!keys) return false
  if (keys.length === 0) return true
  await sql`
    delete from usage
    where app_id in (${sql.join(keys)}) and span = 'day' and start < ${before}`.execute(transaction)
  return true
}

/**
 * Locks a batch of the keys with the oldest spans. Undefined if no span is old enough; empty if the
 * keys were deleted just now.
 */
async function keysOfOldest(
  transaction: Kysely<Database>,
  locks: Locks,
  span: 'hour' | 'day',
  before: string,
): Promise<string[] | undefined> {
  const { start } = await transaction
    .selectFrom('usage')
    .select(({ fn }) => fn.min('start').as('start'))
    .where('span', '=', span)
    .where('start', '<', before)
    .executeTakeFirstOrThrow()
  // The minimum of no rows.
  if (start === null) return undefined
  const rows = await transaction
    .selectFrom('usage')
    .select('app_id')
    .distinct()
    .where('span', '=', span)
    .where('start', '=', start)
    .limit(KEYS_PER_STEP)
    .execute()
  const appIds = rows.map((row) => row.app_id)
  return (await lockKeys(transaction, locks, appIds)).map((row) => row.app_id)
}
