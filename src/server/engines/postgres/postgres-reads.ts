import { Client, type PoolConfig } from 'pg'
import { StoreFault } from '../../../store/fault.ts'
import type { Found, RowQuery, RowReads } from '../../../store/keys/key-lookup.ts'
import { named, Pause, refuseReplica } from './postgres-connection.ts'
import { isBroken, toConnectionFault, toStoreError } from './postgres-errors.ts'

const CONNECTIONS = 2
/** Milliseconds without an answer after which reads take the next connection. */
const STALLED_AFTER = 25
/** As many as one statement reads. Each number of them is a statement of its own. */
const READS_AT_ONCE = 32
/** What comes beyond them would wait longer than is of use. */
const WAITING_MAX = 2000
/** Milliseconds after which reads that got no answer are given up, and their connection with them. */
const READ_TIMEOUT = 4000

// By indexes, whatever the tables' statistics said when a connection planned its statements:
// they are planned once for each number of rows, and the tables grow.
const PLANNING = [
  'plan_cache_mode=force_generic_plan',
  'enable_seqscan=off',
  'enable_hashjoin=off',
  'enable_mergejoin=off',
  'jit=off',
]

/** A read that waits for its turn, and whoever waits for it. */
type Waiting = {
  parameters: readonly unknown[]
  resolve: (found: Found) => void
  reject: (error: unknown) => void
}

/** All that wait for the same statement to tell the epoch. */
type EpochAsked = PromiseWithResolvers<number> & { count: number }

/** What one statement is sent for. */
type Batch = { reads: readonly Waiting[]; epochAsked: EpochAsked | undefined }

// Those of a backup that was put back are others, and note nothing.
const TABLES = ['api_keys', 'deployments', 'key_changes']
  .map((table) => `'${table}'::regclass::oid`)
  .join()

/**
 * What a statement tells, beside what it finds: its snapshot, the process that ran it with the
 * tables it ran over, and whether a key was changed since the snapshot that was told before, its
 * last parameter. A statement sees what the transactions did that had been committed by its
 * snapshot, which tells of every other whether it was (PostgreSQL's documentation, "Transaction ID
 * and Snapshot Information Functions"). Those that change a key note themselves in `key_changes`;
 * what is seen there and wasn't committed by the snapshot before came between. Numbers that are
 * still to come are of a cluster from which the database was moved here.
 */
function told(parameter: number): string {
  const before = `$${parameter}::pg_snapshot`
  return `select pg_current_snapshot()::text as snapshot,
    concat_ws(' ', pg_backend_pid(), ${TABLES}) as source,
    ${before} is null or exists (
      select from key_changes where transaction_id >= pg_snapshot_xmin(${before})
        and transaction_id < pg_snapshot_xmax(pg_current_snapshot())
        and not pg_visible_in_snapshot(transaction_id, ${before})
    ) as changed`
}

/** Adds what is told to each row, as the last columns; where there is none, to one of nulls. */
function withTold(sql: string, parameter: number): string {
  return `select found.*, now.* from (${told(parameter)}) as now left join (${sql}) as found on true`
}

/** The gateway's reads, on connections of their own. */
export class BatchedReads {
  readonly #lines: readonly Line[]

  constructor(config: PoolConfig) {
    const options = PLANNING.map((setting) => `-c ${setting}`).join(' ')
    this.#lines = Array.from({ length: CONNECTIONS }, () => new Line({ ...config, options }))
  }

  /**
   * Reads of this query. What is asked for while others are read goes into one statement after
   * them: the more calls there are, the less one costs, and none is answered by a read that began
   * before it was asked for. They reject with {@link StoreFault} at once where the database can't
   * be reached.
   */
  of({ sqlFor }: RowQuery): RowReads {
    const texts = [told(1)]
    const textFor = ({ reads }: Batch) => {
      const parameters = reads.reduce((sum, { parameters }) => sum + parameters.length, 0)
      return (texts[reads.length] ??= withTold(sqlFor(reads.length), parameters + 1))
    }
    let waiting: Waiting[] = []
    let epochAsked: EpochAsked | undefined
    let due: NodeJS.Immediate | undefined
    let later: NodeJS.Timeout | undefined

    // At the end of the turn, when all that came in it is there.
    const sendSoon = () => {
      due ??= setImmediate(send)
    }
    const send = () => {
      due = undefined
      clearTimeout(later)
      while (waiting.length > 0 || epochAsked) {
        const line = this.#freeLine()
        if (!line) {
          later = setTimeout(sendSoon, STALLED_AFTER).unref()
          return
        }
        const batch = { reads: waiting.slice(0, READS_AT_ONCE), epochAsked }
        waiting = waiting.slice(READS_AT_ONCE)
        epochAsked = undefined
        void line.read(textFor(batch), batch).then(sendSoon)
      }
    }

    return {
      read: (parameters) =>
        new Promise((resolve, reject) => {
          if (waiting.length >= WAITING_MAX) {
            reject(tooMany())
            return
          }
          waiting.push({ parameters, resolve, reject })
          sendSoon()
        }),
      epoch() {
        epochAsked ??= { ...Promise.withResolvers<number>(), count: 0 }
        if (epochAsked.count >= WAITING_MAX) return Promise.reject(tooMany())
        epochAsked.count += 1
        sendSoon()
        return epochAsked.promise
      },
      // A read is a large part of a call, and an epoch may go on for hours.
      keptMax: 100_000,
    }
  }

  /**
   * One connection does all the work as long as it can: what waits for it meanwhile goes into one
   * statement, and that costs the least.
   */
  #freeLine(): Line | undefined {
    const working = this.#lines.find(({ isBroken, isStalled }) => !isBroken && !isStalled)
    const line = working ?? this.#lines.find(({ isBusy }) => !isBusy)
    return line?.isBusy ? undefined : line
  }

  async close(): Promise<void> {
    await Promise.all(this.#lines.map((line) => line.close()))
  }
}

function tooMany(): StoreFault {
  return new StoreFault('away', 'too many wait for the database')
}

let epochs = 0

/** A connection that is made when it is needed, and anew when it broke. */
class Line {
  readonly #config: PoolConfig
  readonly #pause = new Pause()
  #client: Promise<Client> | undefined
  #busySince: number | undefined
  /** What this connection told last, and its epoch. */
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
    return this.#busySince !== undefined && performance.now() - this.#busySince > STALLED_AFTER
  }

  /** Whether it could not be made a moment ago, so that reads are refused for now. */
  get isBroken(): boolean {
    return this.#pause.isOn
  }

  /** Reads all of a batch, and tells each one what came of it. Never rejects. */
  async read(text: string, { reads, epochAsked }: Batch): Promise<void> {
    this.#busySince = performance.now()
    try {
      const asked = reads.flatMap(({ parameters }) => parameters)
      const rows = await this.#ask(text, asked)
      const epoch = this.#epochOf(rows[0] ?? [])
      epochAsked?.resolve(epoch)
      const found = new Map(rows.map((row) => [row[0], row]))
      for (const [place, { resolve }] of reads.entries()) resolve({ row: found.get(place), epoch })
    } catch (error) {
      const fault = toStoreError(error)
      epochAsked?.reject(fault)
      for (const { reject } of reads) reject(fault)
    } finally {
      this.#busySince = undefined
    }
  }

  #epochOf(row: readonly unknown[]): number {
    const [snapshot, source, changed] = row.slice(-3)
    if (typeof snapshot !== 'string') throw new Error('the database told no snapshot')
    // After a crash numbers may be given again: but not to the same connection, and behind a pooler
    // not by the same process.
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
    this.#pause.check()
    this.#snapshot = null
    const client = new Client({ ...this.#config, query_timeout: READ_TIMEOUT })
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
      this.#pause.begin()
      forget()
      client.end().catch(() => {})
    })
    return connected
  }
}
