import type { Kysely } from 'kysely'
import type { OperationId } from '../../contract/catalog/operation.ts'
import { operationIdSchema } from '../../contract/catalog/schemas.ts'
import type { Database } from '../schema.ts'
import type { Locks } from '../sql/locks.ts'
import { inTransaction } from '../sql/transaction.ts'
import { deleteOldDays, rollUpHours } from './usage-ageing.ts'
import type { Refusals, UsageBatch, UsageOutcome } from './usage-batch.ts'
import { addUsage } from './usage-writes.ts'

/** Sums of calls that began in one span: an hour, or a day where hours were aged. */
export type SpanCalls = { start: string; outcome: UsageOutcome; calls: number }

/** Calls of one operation in a time, and when it was last used at all. */
export type OperationCalls = Record<UsageOutcome, number> & {
  operation: OperationId
  /** Of allowed calls. */
  lastUsedAt: string | null
}

export type RefusedCall = Refusals & { operation: OperationId; reason: 'notGranted' | 'address' }
export type RefusedCredential = Omit<UsageBatch['refusedCredentials'][number], 'deploymentId'>

const DAY = 86_400_000

/** How keys were used. Everything rejects when the engine does. */
export type UsageStore = ReturnType<typeof usageStore>

/**
 * @param longRunning where ageing, which takes long, is done outside of a transaction
 * @param yieldToEventLoop is awaited between the statements of a long write
 */
export function usageStore(
  db: Kysely<Database>,
  {
    locks,
    longRunning,
    yieldToEventLoop,
  }: { locks: Locks; longRunning: Kysely<Database>; yieldToEventLoop: () => Promise<void> },
) {
  return {
    /**
     * Adds what was counted, all or none. What is about keys and deployments that are gone by
     * now is left out.
     */
    async add(batch: UsageBatch): Promise<void> {
      await inTransaction(db, (transaction) =>
        addUsage(transaction, { locks, yieldToEventLoop }, batch),
      )
    },

    /** A key's calls since this time, by outcome, in hours and aged days together. */
    async callsOf(appId: string, since: string): Promise<SpanCalls[]> {
      const rows = await db
        .selectFrom('usage')
        .select(({ fn }) => ['start', 'outcome', fn.sum('calls').as('calls')])
        .where('app_id', '=', appId)
        .where('start', '>=', since)
        .groupBy(['start', 'outcome'])
        .execute()
      return rows.map((row) => ({ ...row, calls: Number(row.calls) }))
    },

    /** A key's calls since this time by operation, the most called first. */
    async operationsOf(appId: string, since: string): Promise<OperationCalls[]> {
      const rows = await db
        .selectFrom('usage')
        .leftJoin('used_operations as used', (join) =>
          join
            .onRef('used.app_id', '=', 'usage.app_id')
            .onRef('used.operation', '=', 'usage.operation'),
        )
        .select(({ fn }) => [
          'usage.operation',
          'outcome',
          fn.sum('calls').as('calls'),
          fn.max('used.last_at').as('last_at'),
        ])
        .where('usage.app_id', '=', appId)
        .where('start', '>=', since)
        .where('usage.operation', '<>', '')
        .groupBy(['usage.operation', 'outcome'])
        .execute()
      const operations = new Map<string, OperationCalls>()
      for (const { operation, outcome, calls, last_at } of rows) {
        const counted = operations.get(operation) ?? {
          operation: operationIdSchema.parse(operation),
          lastUsedAt: last_at,
          allowed: 0,
          refused: 0,
          failed: 0,
        }
        operations.set(operation, { ...counted, [outcome]: Number(calls) })
      }
      return [...operations.values()].toSorted(
        (one, other) => totalOf(other) - totalOf(one) || (one.operation < other.operation ? -1 : 1),
      )
    },

    /** Where a key's allowed calls came from, the most recent first. */
    async addressesOf(appId: string, limit: number) {
      const rows = await db
        .selectFrom('usage_addresses')
        .selectAll()
        .where('app_id', '=', appId)
        .orderBy('last_at', 'desc')
        .orderBy('address')
        .limit(limit)
        .execute()
      return rows.map(({ address, calls, last_at: lastAt }) => ({ address, calls, lastAt }))
    },

    /** What a key was refused, the newest first. */
    async refusedCallsOf(appId: string): Promise<RefusedCall[]> {
      const rows = await db
        .selectFrom('refused_calls')
        .selectAll()
        .where('app_id', '=', appId)
        .orderBy('last_at', 'desc')
        .orderBy('operation')
        .execute()
      return rows.map(({ operation, reason, ...refusals }) => ({
        operation: operationIdSchema.parse(operation),
        reason,
        ...toRefusals(refusals),
      }))
    },

    /** Credentials that a deployment refused, the newest first. */
    async refusedCredentialsOf(deploymentId: string): Promise<RefusedCredential[]> {
      const rows = await db
        .selectFrom('refused_credentials')
        .selectAll()
        .where('deployment_id', '=', deploymentId)
        .orderBy('last_at', 'desc')
        .orderBy('app_id')
        .execute()
      return rows.map(({ app_id: appId, reason, ...refusals }) => ({
        appId,
        reason,
        ...toRefusals(refusals),
      }))
    },

    /**
     * Sums up the hours of days that ended over seven days ago, and drops what is older than
     * ninety days. Does nothing where another server is at it.
     */
    async age(now: Date): Promise<void> {
      const firstHour = startOfDay(now, 7)
      const firstDay = startOfDay(now, 90)
      const once = (step: (transaction: Kysely<Database>) => Promise<boolean>) =>
        inTransaction(longRunning, async (transaction) => {
          return (await locks.tryBackground(transaction, 'ageing')) && step(transaction)
        })
      while (await once((transaction) => rollUpHours(transaction, locks, firstHour)));
      while (await once((transaction) => deleteOldDays(transaction, locks, firstDay)));
      await once(async (transaction) => {
        for (const table of ['usage_addresses', 'refused_calls', 'refused_credentials'] as const) {
          await transaction.deleteFrom(table).where('last_at', '<', firstDay).execute()
        }
        return false
      })
    },
  }
}

function toRefusals(row: {
  calls: number
  first_at: string
  last_at: string
  last_address: string | null
}): Refusals {
  const { calls, first_at: firstAt, last_at: lastAt, last_address: lastAddress } = row
  return { calls, firstAt, lastAt, lastAddress }
}

function totalOf({ allowed, refused, failed }: OperationCalls): number {
  return allowed + refused + failed
}

function startOfDay(now: Date, daysBefore: number): string {
  const day = new Date(now.getTime() - daysBefore * DAY).toISOString().slice(0, 10)
  return `${day}T00:00:00.000Z`
}
