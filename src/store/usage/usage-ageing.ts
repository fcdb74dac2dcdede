import { sql, type Kysely } from 'kysely'
import type { Database } from '../schema.ts'
import { lockKeys, type Locks } from '../sql/locks.ts'

// In steps of so many keys, so that nothing waits long for one.
const KEYS_PER_STEP = 500

/** Makes days of hours that began before this one, for some keys; false when there are none. */
export async function sumUpHours(
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

/** Drops days that began before this one, of some keys; false when there are none. */
export async function dropDays(
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
 * Some of the keys with the oldest spans, locked; undefined where no span is old enough, and none
 * where they were deleted this moment.
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
  // Of no rows there is no least.
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
