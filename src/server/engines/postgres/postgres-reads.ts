import { Client, type PoolConfig } from 'pg'
import type { FoundRow, RowQuery, RowReads } from '../../../store/keys/key-lookup.ts'
import { StoreError } from '../../../store/store-error.ts'
import { named, CircuitBreaker, refuseReplica } from './postgres-connection.ts'
import { isBroken, toConnectionFault, toStoreError } from './postgres-errors.ts'

const CONNECTIONS = 2
/** Milliseconds without a response after which reads use the next connection. */
const STALLED_AFTER_MS = 25
/** Reads per statement. Each number of reads is a prepared statement. */
const READS_AT_ONCE = 32
/** Backpressure: further reads fail at once. */
const PENDING_MAX = 2000
/** Milliseconds after which reads without a response fail and their connection is closed. */
const READ_TIMEOUT_MS = 4000

// Forces index scans: statements are planned once per connection, and by then the statistics can
// say that the tables are small.
const PLANNING = [
  'plan_cache_mode=force_generic_plan',
  'enable_seqscan=off',
  'enable_hashjoin=off',
  'enable_mergejoin=off',
  'jit=off',
]

/** A read that waits for the next statement. */
type PendingRead = {
  parameters: readonly unknown[]
  resolve: (found: FoundRow) => void
  reject: (error: unknown) => void
}

/** Callers that wait for the epoch of the next statement. */
type PendingEpoch = PromiseWithResolvers<number> & { count: number }

/** What one statement reads. */
type Batch = { reads: readonly PendingRead[]; pendingEpoch: PendingEpoch | undefined }

// Tables restored from a backup have other ids, and their triggers haven't recorded changes.
const TABLES = ['api_keys', 'deployments', 'key_changes']
  .map((table) => `'${table}'::regclass::oid`)
  .join()

/**
 * Columns that each statement returns: its snapshot, its source (backend process and table ids),
 * and whether a key was changed since an earlier snapshot, the parameter. Transactions that change a
 * key record their id in `key_changes` by triggers. An id that this statement sees there, and that
 * the earlier snapshot didn't see as committed, was committed in between (PostgreSQL: "Transaction ID
 * and Snapshot Information Functions"). Ids beyond the snapshot come from another cluster, from
 * which the database was moved.
 */
function snapshotColumns(parameter: number): string {
  const before = `$${parameter}::pg_snapshot`
  return `select pg_current_snapshot()::text as snapshot,
    concat_ws(' ', pg_backend_pid(), ${TABLES}) as source,
    ${before} is null or exists (
      select from key_changes where transaction_id >= pg_snapshot_xmin(${before})
        and transaction_id < pg_snapshot_xmax(pg_current_snapshot())
        and not pg_visible_in_snapshot(transaction_id, ${before})
    ) as changed`
}

/** Appends the snapshot columns to each row, or to one row of nulls if there is none. */
function withSnapshotColumns(sql: string, parameter: number): string {
  return `select found.*, now.* from (${snapshotColumns(parameter)}) as now left join (${sql}) as found on true`
}

/** The gateway's reads, on dedicated connections. */
export class BatchedReads {
  readonly #connections: readonly ReadConnection[]

  constructor(config: PoolConfig) {
    const options = PLANNING.map((setting) => `-c ${setting}`).join(' ')
    this.#connections = Array.from(
      { length: CONNECTIONS },
      () => new ReadConnection({ ...config, options }),
    )
  }

  /**
   * Prepares reads of a query. Reads that arrive while a statement runs are batched into the next
   * one, so a read costs less under load, and none is answered by a statement that began before it.
   * They reject with {@link StoreError} at once while the database is unreachable.
   */
  of({ sqlFor }: RowQuery): RowReads {
    const texts = [snapshotColumns(1)]
    const textFor = ({ reads }: Batch) => {
      const parameters = reads.reduce((sum, { parameters }) => sum + parameters.length, 0)
      return (texts[reads.length] ??= withSnapshotColumns(sqlFor(reads.length), parameters + 1))
    }
    let waiting: PendingRead[] = []
    let pendingEpoch: PendingEpoch | undefined
    let due: NodeJS.Immediate | undefined
    let later: NodeJS.Timeout | undefined

    // At the end of this iteration of the event loop, when all of its reads have arrived.
    const scheduleSend = () => {
      due ??= setImmediate(send)
    }
    const send = () => {
      due = undefined
      clearTimeout(later)
      while (waiting.length > 0 || pendingEpoch) {
        const connection = this.#freeConnection()
        if (!connection) {
          later = setTimeout(scheduleSend, STALLED_AFTER_MS).unref()
          return
        }
        const batch = { reads: waiting.slice(0, READS_AT_ONCE), pendingEpoch }
        waiting = waiting.slice(READS_AT_ONCE)
        pendingEpoch = undefined
        void connection.read(textFor(batch), batch).then(scheduleSend)
      }
    }

    return {
      read: (parameters) =>
        new Promise((resolve, reject) => {
          if (waiting.length >= PENDING_MAX) {
            reject(tooManyPending())
            return
          }
          waiting.push({ parameters, resolve, reject })
          scheduleSend()
        }),
      epoch() {
        pendingEpoch ??= { ...Promise.withResolvers<number>(), count: 0 }
        if (pendingEpoch.count >= PENDING_MAX) return Promise.reject(tooManyPending())
        pendingEpoch.count += 1
        scheduleSend()
        return pendingEpoch.promise
      },
      // A read is a large part of a call's cost, and an epoch can last for hours.
      cacheMax: 100_000,
    }
  }

  /** Prefers one connection, since larger batches cost less; the other one is for stalls. */
  #freeConnection(): ReadConnection | undefined {
    const working = this.#connections.find(({ isBroken, isStalled }) => !isBroken && !isStalled)
    const connection = working ?? this.#connections.find(({ isBusy }) => !isBusy)
    return connection?.isBusy ? undefined : connection
  }

  async close(): Promise<void> {
    await Promise.all(this.#connections.map((connection) => connection.close()))
  }
}

function tooManyPending(): StoreError {
  return new StoreError('unavailable', 'too many wait for the database')
}

let epochs = 0

/** A connection that is opened on demand and reopened after a failure. */
class ReadConnection {
  readonly #config: PoolConfig
  readonly #breaker = new CircuitBreaker()
  #client: Promise<Client> | undefined
  #busySince: number | undefined
  /** The last snapshot columns of this connection, and its epoch. */
  #snapshot: string | null = null
  #source: unknown
  #epoch = 0

  constructor(config: PoolConfig) {
    this.#config = config
  }

  get isBusy(): boolean {
    return this.#busySince !== undefined
  }

  get isStalled(): boolean {
    return this.#busySince !== undefined && performance.now() - this.#busySince > STALLED_AFTER_MS
  }

  /** Whether the circuit breaker is open, so that reads fail at once. */
  get isBroken(): boolean {
    return this.#breaker.isOpen
  }

  /** Reads a batch and settles each of its reads. Never rejects. */
  async read(text: string, { reads, pendingEpoch }: Batch): Promise<void> {
    this.#busySince = performance.now()
    try {
      const asked = reads.flatMap(({ parameters }) => parameters)
      const rows = await this.#ask(text, asked)
      const epoch = this.#epochOf(rows[0] ?? [])
      pendingEpoch?.resolve(epoch)
      const found = new Map(rows.map((row) => [row[0], row]))
      for (const [place, { resolve }] of reads.entries()) resolve({ row: found.get(place), epoch })
    } catch (error) {
      const fault = toStoreError(error)
      pendingEpoch?.reject(fault)
      for (const { reject } of reads) reject(fault)
    } finally {
      this.#busySince = undefined
    }
  }

  #epochOf(row: readonly unknown[]): number {
    const [snapshot, source, changed] = row.slice(-3)
    if (typeof snapshot !== 'string') throw new Error('the database snapshotColumns no snapshot')
    // Transaction ids can be reused after a crash, but not within a connection or backend process.
    if (changed !== false || source !== this.#source) this.#epoch = epochs += 1
    this.#snapshot = snapshot
    this.#source = source
    return this.#epoch
  }

  async #ask(text: string, asked: readonly unknown[]): Promise<unknown[][]> {
    const client = await (this.#client ??= this.#connect())
    try {
      const values = [...asked, this.#snapshot]
      const query = { ...named(text), values, rowMode: 'array' as const }
      return (await client.query<unknown[]>(query)).rows
    } catch (error) {
      if (isBroken(error)) this.#drop(client)
      throw error
    }
  }

  async close(): Promise<void> {
    const client = await this.#client?.catch(() => undefined)
    await client?.end()
  }

  #drop(client: Client): void {
    this.#client = undefined
    client.end().catch(() => {})
  }

  #connect(): Promise<Client> {
    this.#breaker.assertClosed()
    this.#snapshot = null
    const client = new Client({ ...this.#config, query_timeout: READ_TIMEOUT_MS })
    const connected = client
      .connect()
      .then(() => refuseReplica(client))
      .then(
        () => client,
        (error: unknown) => {
          throw toConnectionFault(error)
        },
      )
    const forget = () => {
      if (this.#client === connected) this.#client = undefined
    }
    client.on('error', forget)
    client.on('end', forget)
    connected.catch(() => {
      this.#breaker.trip()
      forget()
      client.end().catch(() => {})
    })
    return connected
  }
}
