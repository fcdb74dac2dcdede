import { sql, type Kysely } from 'kysely'
import type { Database } from '../schema.ts'
import { jsonList, jsonRows, jsonText } from '../sql/json-rows.ts'
import { recomputedStalestUse } from './stalest-operation.ts'

/** The last allowed call of an operation with a key; `at` is RFC 3339 UTC. */
export type OperationUse = { appId: string; operation: string; at: string; address: string | null }

/**
 * Records the last uses of operations: at least one, and at most one per operation and key. An older
 * use never replaces a later one. The key's version doesn't change.
 */
export async function recordOperationUses(
  transaction: Kysely<Database>,
  uses: readonly OperationUse[],
): Promise<void> {
  const appIds = await keysFirstUsedToday(transaction, uses)
  await sql`
    insert into used_operations (app_id, operation, last_at, last_address)
    select ${jsonText('appId')}, ${jsonText('operation')}, ${jsonText('at')}, ${jsonText('address')}
    from ${jsonRows(uses)} where true
    on conflict (app_id, operation)
    do update set last_at = excluded.last_at, last_address = excluded.last_address
    where used_operations.last_at < excluded.last_at`.execute(transaction)
  if (appIds.length > 0) await updateUseDays(transaction, appIds)
}

/** Keys with operations that had no use on that day so far. */
async function keysFirstUsedToday(
  db: Kysely<Database>,
  uses: readonly OperationUse[],
): Promise<string[]> {
  // A subquery uses the index for each row; for a join, PostgreSQL would scan the table.
  const { rows } = await sql<{ app_id: string }>`
    select distinct ${jsonText('appId')} as app_id from ${jsonRows(uses)}
    where coalesce((
      select last_at from used_operations
      where app_id = ${jsonText('appId')} and operation = ${jsonText('operation')}
    ), '') < substr(${jsonText('at')}, 1, 10)`.execute(db)
  return rows.map((row) => row.app_id)
}

async function updateUseDays(db: Kysely<Database>, appIds: readonly string[]): Promise<void> {
  await sql`
    update api_keys set
      last_used_on = substr(used.last_at, 1, 10),
      use_recorded_since = coalesce(use_recorded_since, used.last_at),
      stalest_operation_used_on = ${recomputedStalestUse}
    from (
      select app_id, max(last_at) as last_at from used_operations
      where app_id in ${jsonList(appIds)} group by app_id
    ) as used
    where api_keys.app_id = used.app_id`.execute(db)
}
