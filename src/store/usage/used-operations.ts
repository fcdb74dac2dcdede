import { sql, type Kysely } from 'kysely'
import { leastUsedAgain } from '../keys/stalest-operation.ts'
import type { Database } from '../schema.ts'
import { sentList, sentRows, sentText } from '../sql/json-rows.ts'

/** The last allowed call of an operation with a key; an RFC 3339 UTC time. */
export type Use = { appId: string; operation: string; at: string; address: string | null }

/**
 * Notes at least one use of keys that there are, of each operation of a key at most one; none takes
 * the place of a later one. A use is no change of the key, whose version stays.
 */
export async function noteUses(transaction: Kysely<Database>, uses: readonly Use[]): Promise<void> {
  const appIds = await firstUsedOnTheirDay(transaction, uses)
  await sql`
    insert into used_operations (app_id, operation, last_at, last_address)
    select ${sentText('appId')}, ${sentText('operation')}, ${sentText('at')}, ${sentText('address')}
    from ${sentRows(uses)} where true
    on conflict (app_id, operation)
    do update set last_at = excluded.last_at, last_address = excluded.last_address
    where used_operations.last_at < excluded.last_at`.execute(transaction)
  if (appIds.length > 0) await noteDays(transaction, appIds)
}

/** The keys with operations that weren't used before on that day. */
async function firstUsedOnTheirDay(db: Kysely<Database>, uses: readonly Use[]): Promise<string[]> {
  // One look into the index for each use: for a join, PostgreSQL would read all of the table.
  const { rows } = await sql<{ app_id: string }>`
    select distinct ${sentText('appId')} as app_id from ${sentRows(uses)}
    where coalesce((
      select last_at from used_operations
      where app_id = ${sentText('appId')} and operation = ${sentText('operation')}
    ), '') < substr(${sentText('at')}, 1, 10)`.execute(db)
  return rows.map((row) => row.app_id)
}

async function noteDays(db: Kysely<Database>, appIds: readonly string[]): Promise<void> {
  await sql`
    update api_keys set
      last_used_on = substr(used.last_at, 1, 10),
      use_recorded_since = coalesce(use_recorded_since, used.last_at),
      least_used_on = ${leastUsedAgain}
    from (
      select app_id, max(last_at) as last_at from used_operations
      where app_id in ${sentList(appIds)} group by app_id
    ) as used
    where api_keys.app_id = used.app_id`.execute(db)
}
