import type { UsageBatch } from '../../store/usage/usage-batch.ts'
import { timestamp, type KeyCounts, type UsageCounts } from './usage-counts.ts'

// Of each kind. Smaller transactions write the same pages of the store again and again; much
// larger ones keep other changes waiting and, on SQLite, the whole process.
const ROWS_PER_BATCH = 1000

/** Splits counts into batches, each for one transaction. */
export function toBatches(counts: UsageCounts): UsageBatch[] {
  // By App ID, so that neighbours in the store are written together.
  const keys = [...counts.keys].toSorted(([one], [other]) => (one < other ? -1 : 1))
  const rows = {
    calls: keys.flatMap(([appId, key]) => callRows(appId, key)),
    oldSecretUses: keys.flatMap(([appId, { oldSecretUses }]) =>
      [...oldSecretUses].map(([secretHash, at]) => ({ appId, secretHash, at: timestamp(at) })),
    ),
    addresses: keys.flatMap(([appId, { addresses }]) =>
      [...addresses].map(([address, { calls, lastAt }]) => {
        return { appId, address, calls, lastAt: timestamp(lastAt) }
      }),
    ),
    refusedCalls: keys.flatMap(([, { refusedCalls }]) => [...refusedCalls.values()]),
    refusedCredentials: [...counts.refusedCredentials]
      .filter(([deploymentId]) => deploymentId !== null)
      .flatMap(([, refused]) => [...refused.values()]),
  }
  const most = Math.max(...Object.values(rows).map(({ length }) => length))
  return Array.from({ length: Math.ceil(most / ROWS_PER_BATCH) }, (_, at) => {
    const slice = <Row>(all: readonly Row[]) =>
      all.slice(at * ROWS_PER_BATCH, (at + 1) * ROWS_PER_BATCH)
    return {
      calls: slice(rows.calls),
      oldSecretUses: slice(rows.oldSecretUses),
      addresses: slice(rows.addresses),
      refusedCalls: slice(rows.refusedCalls),
      refusedCredentials: slice(rows.refusedCredentials),
    }
  })
}

function callRows(appId: string, { calls: operations }: KeyCounts): UsageBatch['calls'] {
  return [...operations].flatMap(([operation, counts]) =>
    counts.map(({ outcome, hour, calls, lastAt, lastAddress }) => {
      const times = { hour: timestamp(hour), lastAt: timestamp(lastAt) }
      return { appId, operation, outcome, calls, ...times, lastAddress }
    }),
  )
}
