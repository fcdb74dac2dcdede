import { Client, type PoolConfig } from 'pg'
import { StoreFault } from '../store/fault.ts'
import type { FoundRow, LookUp, RowQuery } from '../store/key-look-up.ts'
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
  resolve: (row: FoundRow) => void
  reject: (error: unknown) => void
}

/** The gateway's reads, on connections of their own. */
export class BatchedReads {
  readonly #lines: readonly Line[]

  constructor(config: PoolConfig) {
    const options = PLANNING.map((setting) => `-c ${setting}`).join(' ')
    this.#lines = Array.from({ length: CONNECTIONS }, () => new Line({ ...config, options }))
  }

  /**
   * Reads rows of this query. What is asked for while others are read goes into one statement
   * after them: the more calls there are, the less one costs, and none is answered by a read
   * that began before it was asked for. Rejects with {@link StoreFault} at once where the
   * database can't be reached.
   */
  readonly reads: LookUp['reads'] = (query) => {
    let waiting: Waiting[] = []
    let due: NodeJS.Immediate | undefined
    let later: NodeJS.Timeout | undefined

    // At the end of the turn, when all that came in it is there.
    const sendSoon = () => {
      due ??= setImmediate(send)
    }
    const send = () => {
      due = undefined
      clearTimeout(later)
      while (waiting.length > 0) {
        const line = this.#freeLine()
        if (!line) {
          later = setTimeout(sendSoon, STALLED_AFTER).unref()
          return
        }
        const batch = waiting.slice(0, READS_AT_ONCE)
        waiting = waiting.slice(READS_AT_ONCE)
        void line.read(query, batch).then(sendSoon)
      }
    }

    return (parameters) =>
      new Promise((resolve, reject) => {
        if (waiting.length >= WAITING_MAX) {
          reject(new StoreFault('away', 'too many wait for the database'))
          return
        }
        waiting.push({ parameters, resolve, reject })
        sendSoon()
      })
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

/** A connection that is made when it is needed, and anew when it broke. */
class Line {
  readonly #config: PoolConfig
  readonly #pause = new Pause()
  #client: Promise<Client> | undefined
  #busySince: number | undefined

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
  async read(query: RowQuery, batch: readonly Waiting[]): Promise<void> {
    this.#busySince = performance.now()
    try {
      const rows = await this.#ask(
        query.sqlFor(batch.length),
        batch.flatMap(({ parameters }) => parameters),
      )
      const found = new Map(rows.map((row) => [Number(row[0]), row]))
      for (const [place, { resolve }] of batch.entries()) resolve(found.get(place))
    } catch (error) {
      const fault = toStoreError(error)
      for (const { reject } of batch) reject(fault)
    } finally {
      this.#busySince = undefined
    }
  }

  async #ask(text: string, values: unknown[]): Promise<unknown[][]> {
    const client = await (this.#client ??= this.#connect())
    try {
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
