import { sql, type Kysely } from 'kysely'
import { noteLeastUsed } from './least-used.ts'
import { lockDeployments, lockKeys, type Locks } from './locks.ts'
import type { Database } from './schema.ts'
import type { Refusals, UsageBatch } from './usage.ts'

const ADDRESSES_PER_KEY = 100
const CREDENTIALS_PER_DEPLOYMENT = 200

// So few that SQLite, which keeps all of its process waiting meanwhile, takes a few milliseconds.
const ROWS_PER_STATEMENT = 200

/**
 * Adds what was counted of the keys and deployments that there still are.
 *
 * @param turn is awaited after each statement, so that other work of the process goes on
 */
export async function addUsage(
  transaction: Kysely<Database>,
  { locks, turn }: { locks: Locks; turn: () => Promise<void> },
  batch: UsageBatch,
): Promise<void> {
  const isKnown = await lockAmong(transaction, locks, batch)
  const inChunks = async <Row>(rows: Row[], write: (rows: Row[]) => Promise<void>) => {
    for (const some of chunksOf(rows)) {
      await write(some)
      await turn()
    }
  }
  const ofKeys = <Row extends { appId: string }>(rows: readonly Row[]) =>
    rows.filter(({ appId }) => isKnown.appId(appId))
  await inChunks(ofKeys(batch.calls), (rows) => addCalls(transaction, rows))
  await inChunks(ofKeys(batch.lastUses), (rows) => noteLastUses(transaction, rows))
  await noteLastCalls(transaction, batch.lastUses, isKnown.deploymentOf)
  await inChunks(ofKeys(batch.addresses), (rows) => addAddresses(transaction, rows))
  await inChunks(ofKeys(batch.refusedCalls), (rows) => addRefusedCalls(transaction, rows))
  const refused = batch.refusedCredentials.filter((row) => isKnown.deployment(row))
  await inChunks(refused, (rows) => addRefusedCredentials(transaction, rows))
}

/** Finds what there is of a batch's keys and deployments, and keeps it there for now. */
async function lockAmong(db: Kysely<Database>, locks: Locks, batch: UsageBatch) {
  const { calls, lastUses, addresses, refusedCalls, refusedCredentials } = batch
  const counted = [...calls, ...lastUses, ...addresses, ...refusedCalls]
  const keys = new Map<string, string>()
  for (const some of chunksOf(inOrder(counted.map(({ appId }) => appId)))) {
    for (const row of await lockKeys(db, locks, some)) keys.set(row.app_id, row.deployment_id)
  }
  const named = [...keys.values(), ...refusedCredentials.map((row) => row.deploymentId)]
  const ids = new Set<string>()
  for (const some of chunksOf(inOrder(named))) {
    for (const id of await lockDeployments(db, locks, some)) ids.add(id)
  }
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
  await db
    .insertInto('usage')
    .values(
      counted.map(({ appId, operation, outcome, hour, calls }) => ({
        app_id: appId,
        span: 'hour' as const,
        start: hour,
        operation,
        outcome,
        calls,
      })),
    )
    .onConflict((conflict) =>
      conflict
        .columns(['app_id', 'span', 'start', 'operation', 'outcome'])
        .doUpdateSet({ calls: sql`usage.calls + excluded.calls` }),
    )
    .execute()
  // One for each: PostgreSQL refuses to update a row twice in a statement.
  const last = new Map<string, Use>()
  for (const { appId, operation, outcome, lastAt } of counted) {
    const id = `${appId} ${operation}`
    if (outcome !== 'allowed' || lastAt <= (last.get(id)?.last_at ?? '')) continue
    last.set(id, { app_id: appId, operation, last_at: lastAt })
  }
  if (last.size === 0) return
  const uses = [...last.values()]
  const first = await firstOfTheirDay(db, uses)
  await db
    .insertInto('used_operations')
    .values(uses)
    .onConflict((conflict) =>
      conflict
        .columns(['app_id', 'operation'])
        .doUpdateSet({ last_at: sql`excluded.last_at` })
        .whereRef('used_operations.last_at', '<', 'excluded.last_at'),
    )
    .execute()
  const appIds = inOrder(first.map((use) => use.app_id))
  if (appIds.length > 0) await noteLeastUsed(db, appIds)
}

type Use = { app_id: string; operation: string; last_at: string }

/** The uses of operations that weren't used before on that day. */
async function firstOfTheirDay(db: Kysely<Database>, uses: readonly Use[]): Promise<Use[]> {
  const rows = uses.map(({ app_id, operation }) => sql`(${app_id}, ${operation})`)
  const known = await sql<Use>`
    with uses (app_id, operation) as (values ${sql.join(rows)})
    select used.app_id, used.operation, used.last_at from uses
    join used_operations as used
      on used.app_id = uses.app_id and used.operation = uses.operation`.execute(db)
  const days = new Map(
    known.rows.map(({ app_id, operation, last_at }) => [`${app_id} ${operation}`, dayOf(last_at)]),
  )
  return uses.filter(({ app_id, operation, last_at }) => {
    return dayOf(last_at) > (days.get(`${app_id} ${operation}`) ?? '')
  })
}

function dayOf(time: string): string {
  return time.slice(0, 10)
}

/** Notes uses without a change of the version: a use is no change of the key. */
async function noteLastUses(db: Kysely<Database>, uses: UsageBatch['lastUses']): Promise<void> {
  const last = new Map<string, UsageBatch['lastUses'][number]>()
  const lastByOld = new Map<string, string>()
  for (const use of uses) {
    const { appId, at, withOldSecret } = use
    if (at > (last.get(appId)?.at ?? '')) last.set(appId, use)
    if (withOldSecret && at > (lastByOld.get(appId) ?? '')) lastByOld.set(appId, at)
  }
  const rows = [...last.values()].map(
    ({ appId, at, operation, address }) =>
      sql`(${appId}, ${at}, ${operation}, ${address}, ${lastByOld.get(appId) ?? null})`,
  )
  await sql`
    with uses (app_id, at, operation, address, by_old_at) as (values ${sql.join(rows)})
    update api_keys set
      last_used_at = uses.at,
      last_used_operation = uses.operation,
      last_used_address = uses.address,
      use_recorded_since = coalesce(use_recorded_since, uses.at)
    from uses
    where api_keys.app_id = uses.app_id
      and (api_keys.last_used_at is null or api_keys.last_used_at < uses.at)`.execute(db)
  for (const [appId, at] of lastByOld) {
    await db
      .updateTable('api_keys')
      .set({ old_secret_last_used_at: at })
      .where('app_id', '=', appId)
      // It may have been ended since.
      .where('old_secret_hash', 'is not', null)
      .where((where) =>
        where.or([
          where('old_secret_last_used_at', 'is', null),
          where('old_secret_last_used_at', '<', at),
        ]),
      )
      .execute()
  }
}

/** Notes when each deployment was called last, without a change of its revision. */
async function noteLastCalls(
  db: Kysely<Database>,
  uses: UsageBatch['lastUses'],
  deploymentOf: (appId: string) => string | undefined,
): Promise<void> {
  const last = new Map<string, string>()
  for (const { appId, at } of uses) {
    const id = deploymentOf(appId)
    if (id !== undefined && at > (last.get(id) ?? '')) last.set(id, at)
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
  await db
    .insertInto('usage_addresses')
    .values(
      seen.map(({ appId, address, calls, lastAt }) => ({
        app_id: appId,
        address,
        calls,
        last_at: lastAt,
      })),
    )
    .onConflict((conflict) =>
      conflict.columns(['app_id', 'address']).doUpdateSet({
        calls: sql`usage_addresses.calls + excluded.calls`,
        last_at: laterOf('usage_addresses.last_at', 'excluded.last_at'),
      }),
    )
    .execute()
  // Those of longest ago make room.
  const appIds = [...new Set(seen.map(({ appId }) => appId))]
  await sql`
    delete from usage_addresses where (app_id, address) in (
      select app_id, address from (
        select app_id, address,
          row_number() over (partition by app_id order by last_at desc, address) as place
        from usage_addresses where app_id in (${sql.join(appIds)})
      ) as placed where place > ${ADDRESSES_PER_KEY}
    )`.execute(db)
}

async function addRefusedCalls(
  db: Kysely<Database>,
  refused: UsageBatch['refusedCalls'],
): Promise<void> {
  await db
    .insertInto('refused_calls')
    .values(
      refused.map(({ appId, operation, reason, ...refusals }) => ({
        app_id: appId,
        operation,
        reason,
        ...refusalColumns(refusals),
      })),
    )
    .onConflict((conflict) =>
      conflict
        .columns(['app_id', 'operation', 'reason'])
        .doUpdateSet(addedRefusals('refused_calls')),
    )
    .execute()
}

async function addRefusedCredentials(
  db: Kysely<Database>,
  refused: UsageBatch['refusedCredentials'],
): Promise<void> {
  await db
    .insertInto('refused_credentials')
    .values(
      refused.map(({ deploymentId, appId, reason, ...refusals }) => ({
        deployment_id: deploymentId,
        app_id: appId,
        reason,
        ...refusalColumns(refusals),
      })),
    )
    .onConflict((conflict) =>
      conflict
        .columns(['deployment_id', 'app_id', 'reason'])
        .doUpdateSet(addedRefusals('refused_credentials')),
    )
    .execute()
  const ids = [...new Set(refused.map(({ deploymentId }) => deploymentId))]
  await sql`
    delete from refused_credentials where (deployment_id, app_id, reason) in (
      select deployment_id, app_id, reason from (
        select deployment_id, app_id, reason, row_number() over (
          partition by deployment_id order by last_at desc, app_id, reason
        ) as place
        from refused_credentials where deployment_id in (${sql.join(ids)})
      ) as placed where place > ${CREDENTIALS_PER_DEPLOYMENT}
    )`.execute(db)
}

function refusalColumns({ calls, firstAt, lastAt, lastAddress }: Refusals) {
  return { calls, first_at: firstAt, last_at: lastAt, last_address: lastAddress }
}

function addedRefusals(table: 'refused_calls' | 'refused_credentials') {
  const [first, last] = [sql.ref(`${table}.first_at`), sql.ref(`${table}.last_at`)]
  return {
    calls: sql<number>`${sql.ref(`${table}.calls`)} + excluded.calls`,
    first_at: sql<string>`case when excluded.first_at < ${first}
      then excluded.first_at else ${first} end`,
    last_at: laterOf(`${table}.last_at`, 'excluded.last_at'),
    last_address: sql<string | null>`case when excluded.last_at >= ${last}
      then excluded.last_address else ${sql.ref(`${table}.last_address`)} end`,
  }
}

/** The engines have different functions for it. */
function laterOf(one: string, other: string) {
  const [first, second] = [sql.ref(one), sql.ref(other)]
  return sql<string>`case when ${first} > ${second} then ${first} else ${second} end`
}

function chunksOf<Row>(rows: readonly Row[]): Row[][] {
  const chunks = []
  for (let at = 0; at < rows.length; at += ROWS_PER_STATEMENT) {
    chunks.push(rows.slice(at, at + ROWS_PER_STATEMENT))
  }
  return chunks
}
