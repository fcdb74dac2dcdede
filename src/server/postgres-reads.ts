import type { CompiledQuery } from 'kysely'
import { Client, type PoolConfig } from 'pg'
import { StoreFault } from '../store/fault.ts'
import { Pause, prepared, refuseReplica } from './postgres-connection.ts'
import { toStoreError } from './postgres-errors.ts'

const CONNECTIONS = 2
/** On each connection; what comes beyond them would wait longer than is of use. */
const UNDER_WAY_MAX = 1000
/** Milliseconds after which a read that got no answer is given up, and its connection with it. */
const READ_TIMEOUT = 4000

/**
 * The gateway's reads, on connections of their own. Each sends its queries without waiting for
 * the answers of those before (pipelining), so that a read costs no more than its way there and
 * back and never waits behind what the management API does.
 */
export class PipelinedReads {
  readonly #lines: Line[]

  constructor(config: PoolConfig) {
    this.#lines = Array.from({ length: CONNECTIONS }, () => new Line(config))
  }

  /**
   * Reads what is committed, the columns of one row in their order. Rejects with
   * {@link StoreFault} at once where it can't.
   */
  read({ sql, parameters }: CompiledQuery): Promise<readonly unknown[] | undefined> {
    const line = this.#lines.reduce((one, other) => (other.load < one.load ? other : one))
    return line.read(sql, parameters)
  }

  async close(): Promise<void> {
    await Promise.all(this.#lines.map((line) => line.close()))
  }
}

class Line {
  readonly #config: PoolConfig
  readonly #pause = new Pause()
  #client: Promise<Client> | undefined
  #underWay = 0

  constructor(config: PoolConfig) {
    this.#config = config
  }

  /** How many reads are under way; none is to be added where the line is broken. */
  get load(): number {
    return this.#pause.isOn ? Infinity : this.#underWay
  }

  async read(sql: string, parameters: readonly unknown[]): Promise<readonly unknown[] | undefined> {
    if (this.#underWay >= UNDER_WAY_MAX) {
      throw new StoreFault('away', 'too many wait for the database')
    }
    this.#underWay += 1
    try {
      const client = await (this.#client ??= this.#connect())
      const query = { ...prepared(sql, parameters), rowMode: 'array' as const }
      return (await client.query<unknown[]>(query)).rows[0]
    } catch (error) {
      throw toStoreError(error)
    } finally {
      this.#underWay -= 1
    }
  }

  async close(): Promise<void> {
    const client = await this.#client?.catch(() => undefined)
    await client?.end()
  }

  #connect(): Promise<Client> {
    this.#pause.check()
    const client = new Client({ ...this.#config, pipeline: true, query_timeout: READ_TIMEOUT })
    const connected = client
      .connect()
      .then(() => refuseReplica(client))
      .then(() => client)
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
