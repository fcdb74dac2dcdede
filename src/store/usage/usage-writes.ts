import { sql, type Kysely } from 'kysely'
import type { Database } from '../schema.ts'
import { jsonInteger, jsonList, jsonRows, jsonText } from '../sql/json-rows.ts'
import { lockDeployments, lockKeys, type Locks } from '../sql/locks.ts'
import type { UsageBatch } from './usage-batch.ts'
import { recordOperationUses, type OperationUse } from './used-operations.ts'

const ADDRESSES_PER_KEY = 100
const CREDENTIALS_PER_DEPLOYMENT = 200

/**
 * Adds what was counted of the keys and deployments that there still are.
 *
 * @param yieldToEventLoop awaited after each statement, so that waiting work can run
 */
export async function addUsage(
  transaction: Kysely<Database>,
  { locks, yieldToEventLoop }: { locks: Locks; yieldToEventLoop: () => Promise<void> },
  batch: UsageBatch,
): Promise<void> {
  const isKnown = await lockAmong(transaction, locks, batch)
  type Write<Row> = (db: Kysely<Database>, rows: readonly Row[]) => Promise<void>
  const add = async <Row>(rows: readonly Row[], write: Write<Row>) => {
    if (rows.length === 0) return
    await write(transaction, rows)
    await yieldToEventLoop()
  }
  const ofKeys = <Row extends { appId: string }>(rows: readonly Row[]) =>
    rows.filter(({ appId }) => isKnown.appId(appId))
  const calls = ofKeys(batch.calls)
  await add(calls, addCalls)
  await add(usesOf(calls), recordOperationUses)
  await noteLastCalls(transaction, calls, isKnown.deploymentOf)
  await add(ofKeys(batch.oldSecretUses), noteOldSecretUses)
  await add(ofKeys(batch.addresses), addAddresses)
  await add(ofKeys(batch.refusedCalls), addRefusedCalls)
  await add(batch.refusedCredentials.filter(isKnown.deployment), addRefusedCredentials)
}

/** Finds what there is of a batch's keys and deployments, and keeps it there for now. */
async function lockAmong(db: Kysely<Database>, locks: Locks, batch: UsageBatch) {
  const { calls, oldSecretUses, addresses, refusedCalls, refusedCredentials } = batch
  const counted = [...calls, ...oldSecretUses, ...addresses, ...refusedCalls]
  const locked = await lockKeys(db, locks, inOrder(counted.map(({ appId }) => appId)))
  const keys = new Map(locked.map((row) => [row.app_id, row.deployment_id]))
  const named = [...keys.values(), ...refusedCredentials.map((row) => row.deploymentId)]
  const ids = new Set(await lockDeployments(db, locks, inOrder(named)))
  return {
    appId: (appId: string) => keys.has(appId),
    deploymentOf: (appId: string) => keys.get(appId),
    deployment: ({ deploymentId }: { deploymentId: string }) => ids.has(deploymentId),
  }
}

function inOrder(ids: readonly string[]): string[] {
  return [...new Set(ids)].toSorted()
}

async function addCalls(db: Kysely<Database>, counted: UsageBatch['calls']): Promise<void> {
  await sql`
    insert into usage (app_id, span, start, operation, outcome, calls)
    select ${jsonText('appId')}, 'hour', ${jsonText('hour')}, ${jsonText('operation')},
      ${jsonText('outcome')}, ${jsonInteger('calls')}
    from ${jsonRows(counted)} where true
    on conflict (app_id, span, start, operation, outcome)
    do update set calls = usage.calls + excluded.calls`.execute(db)
}

/** The last use of each operation: PostgreSQL refuses to update a row twice in a statement. */
function usesOf(calls: UsageBatch['calls']): OperationUse[] {
  const last = new Map<string, OperationUse>()
  for (const { appId, operation, outcome, lastAt: at, lastAddress: address } of calls) {
    const id = `${appId} ${operation}`
    if (outcome !== 'allowed' || operation === '') continue
    if (at > (last.get(id)?.at ?? '')) last.set(id, { appId, operation, at, address })
  }
  return [...last.values()]
}

async function noteOldSecretUses(
  db: Kysely<Database>,
  uses: UsageBatch['oldSecretUses'],
): Promise<void> {
  // It may have been ended since, or another may be the old one by now.
  await sql`
    update api_keys set old_secret_last_used_at = used.at
    from (
      select ${jsonText('appId')} as app_id, ${jsonText('secretHash')} as secret_hash,
        max(${jsonText('at')}) as at
      from ${jsonRows(uses)} group by ${jsonText('appId')}, ${jsonText('secretHash')}
    ) as used
    where api_keys.app_id = used.app_id and old_secret_hash = used.secret_hash
      and (old_secret_last_used_at is null or old_secret_last_used_at < used.at)`.execute(db)
}

/** Notes when each deployment was called last, without a change of its revision. */
async function noteLastCalls(
  db: Kysely<Database>,
  calls: UsageBatch['calls'],
  deploymentOf: (appId: string) => string | undefined,
): Promise<void> {
  const last = new Map<string, string>()
  for (const { appId, outcome, lastAt } of calls) {
    const id = deploymentOf(appId)
    if (outcome !== 'allowed' || id === undefined) continue
    if (lastAt > (last.get(id) ?? '')) last.set(id, lastAt)
  }
  for (const [id, at] of last) {
    await db
      .updateTable('deployments')
      .set({ last_api_call_at: at })
      .where('id', '=', id)
      .where((where) =>
        where.or([where('last_api_call_at', 'is', null), where('last_api_call_at', '<', at)]),
      )
      .execute()
  }
}

async function addAddresses(db: Kysely<Database>, seen: UsageBatch['addresses']): Promise<void> {
  await sql`
    insert into usage_addresses (app_id, address, calls, last_at)
    select ${jsonText('appId')}, ${jsonText('address')}, ${jsonInteger('calls')},
      ${jsonText('lastAt')}
    from ${jsonRows(seen)} where true
    on conflict (app_id, address) do update set
      calls = usage_addresses.calls + excluded.calls,
      last_at = ${laterOf('usage_addresses.last_at', 'excluded.last_at')}`.execute(db)
  // One look into the index for each key: for a list of them, PostgreSQL would read all of the table.
  const crowded = await sql<{ app_id: string }>`
    select distinct ${jsonText('appId')} as app_id from ${jsonRows(seen)}
    where exists (
      select 1 from usage_addresses where app_id = ${jsonText('appId')}
      limit 1 offset ${sql.lit(ADDRESSES_PER_KEY)}
    )`.execute(db)
  if (crowded.rows.length === 0) return
  // Those of longest ago make room.
  await sql`
    delete from usage_addresses where (app_id, address) in (
      select app_id, address from (
        select app_id, address,
          row_number() over (partition by app_id order by last_at desc, address) as place
        from usage_addresses where app_id in ${jsonList(crowded.rows.map((row) => row.app_id))}
      ) as placed where place > ${ADDRESSES_PER_KEY}
    )`.execute(db)
}

async function addRefusedCalls(
  db: Kysely<Database>,
  refused: UsageBatch['refusedCalls'],
): Promise<void> {
  await sql`
    insert into refused_calls
      (app_id, operation, reason, calls, first_at, last_at, last_address)
    select ${jsonText('appId')}, ${jsonText('operation')}, ${jsonText('reason')}, ${sentRefusals}
    from ${jsonRows(refused)} where true
    on conflict (app_id, operation, reason)
    do update set ${addedRefusals('refused_calls')}`.execute(db)
}

async function addRefusedCredentials(
  db: Kysely<Database>,
  refused: UsageBatch['refusedCredentials'],
): Promise<void> {
  await sql`
    insert into refused_credentials
      (deployment_id, app_id, reason, calls, first_at, last_at, last_address)
    select ${jsonText('deploymentId')}, ${jsonText('appId')}, ${jsonText('reason')}, ${sentRefusals}
    from ${jsonRows(refused)} where true
    on conflict (deployment_id, app_id, reason)
    do update set ${addedRefusals('refused_credentials')}`.execute(db)
  const ids = inOrder(refused.map(({ deploymentId }) => deploymentId))
  await sql`
    delete from refused_credentials where (deployment_id, app_id, reason) in (
      select deployment_id, app_id, reason from (
        select deployment_id, app_id, reason, row_number() over (
          partition by deployment_id order by last_at desc, app_id, reason
        ) as place
        from refused_credentials where deployment_id in ${jsonList(ids)}
      ) as placed where place > ${CREDENTIALS_PER_DEPLOYMENT}
    )`.execute(db)
}

const sentRefusals = sql.join([
  jsonInteger('calls'),
  jsonText('firstAt'),
  jsonText('lastAt'),
  jsonText('lastAddress'),
])

function addedRefusals(table: 'refused_calls' | 'refused_credentials') {
  const [first, last] = [sql.ref(`${table}.first_at`), sql.ref(`${table}.last_at`)]
  return sql`
    calls = ${sql.ref(`${table}.calls`)} + excluded.calls,
    first_at = case when excluded.first_at < ${first} then excluded.first_at else ${first} end,
    last_at = ${laterOf(`${table}.last_at`, 'excluded.last_at')},
    last_address = case when excluded.last_at >= ${last}
      then excluded.last_address else ${sql.ref(`${table}.last_address`)} end`
}

/** The engines have different functions for it. */
function laterOf(one: string, other: string) {
  const [first, second] = [sql.ref(one), sql.ref(other)]
  return sql<string>`case when ${first} > ${second} then ${first} else ${second} end`
}
