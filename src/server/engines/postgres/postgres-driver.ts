import {
  CompiledQuery,
  type DatabaseConnection,
  type Driver,
  type QueryResult,
  type TransactionSettings,
} from 'kysely'
import { Pool, type PoolClient, type PoolConfig } from 'pg'
import { StoreFault } from '../../../store/fault.ts'
import { Pause, prepared, refuseReplica } from './postgres-connection.ts'
import { isBroken, toConnectionFault, toStoreError } from './postgres-errors.ts'

const WAITING_MAX = 500

/**
 * Kysely's driver over a pool of connections: waiting for one is bounded in number and time,
 * statements are prepared, a connection that broke isn't used again, and errors are the store's.
 */
export class PostgresDriver implements Driver {
  readonly #pool: Pool
  readonly #pause = new Pause()
  /** Another one begins when a connection of it is lost. */
  #generation = 0
  readonly #generations = new WeakMap<PoolClient, number>()

  constructor(config: PoolConfig) {
    this.#pool = new Pool({ ...config, verify })
    // Of connections that break while nobody uses them; who uses one is told by its query.
    this.#pool.on('error', ignore)
    this.#pool.on('connect', (client) => {
      client.on('error', ignore)
      this.#generations.set(client, this.#generation)
    })
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<PostgresConnection> {
    this.#pause.check()
    if (this.#pool.waitingCount >= WAITING_MAX) {
      throw new StoreFault('away', 'too many wait for the database')
    }
    try {
      const client = await this.#connect()
      return new PostgresConnection(client, () => {
        if (this.#isCurrent(client)) this.#generation += 1
      })
    } catch (error) {
      this.#pause.begin()
      throw toConnectionFault(error)
    }
  }

  /**
   * Where one connection was lost, those from before may be as well: a machine that is gone can't
   * say so, and each would keep a query waiting until that is given up.
   */
  async #connect(): Promise<PoolClient> {
    let client = await this.#pool.connect()
    while (!this.#isCurrent(client)) {
      client.release(true)
      client = await this.#pool.connect()
    }
    return client
  }

  #isCurrent(client: PoolClient): boolean {
    return this.#generations.get(client) === this.#generation
  }

  async beginTransaction(
    connection: DatabaseConnection,
    _settings: TransactionSettings,
  ): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin'))
  }

  async commitTransaction(connection: PostgresConnection): Promise<void> {
    // The database answers ROLLBACK where a statement failed before.
    if ((await connection.command('commit')) !== 'COMMIT') {
      throw new Error('the transaction had failed before it was committed')
    }
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('rollback'))
  }

  async releaseConnection(connection: PostgresConnection): Promise<void> {
    connection.release()
  }

  async destroy(): Promise<void> {
    await this.#pool.end()
  }
}

class PostgresConnection implements DatabaseConnection {
  readonly #client: PoolClient
  readonly #onLoss: () => void
  #isBroken = false

  constructor(client: PoolClient, onLoss: () => void) {
    this.#client = client
    this.#onLoss = onLoss
  }

  async executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    const { command, rowCount, rows } = await this.#ask(sql, parameters)
    const isChange = command === 'INSERT' || command === 'UPDATE' || command === 'DELETE'
    return { rows, ...(isChange && { numAffectedRows: BigInt(rowCount ?? 0) }) }
  }

  /** Runs a command without parameters and gives the name of what was done. */
  async command(sql: string): Promise<string> {
    return (await this.#ask(sql, [])).command
  }

  // oxlint-disable-next-line require-yield
  async *streamQuery(): AsyncIterableIterator<never> {
    throw new Error('rows are read in pages here')
  }

  release(): void {
    this.#client.release(this.#isBroken)
  }

  async #ask(sql: string, parameters: readonly unknown[]) {
    try {
      return await this.#client.query(prepared(sql, parameters))
    } catch (error) {
      if (!this.#isBroken && isBroken(error)) {
        this.#isBroken = true
        this.#onLoss()
      }
      throw toStoreError(error)
    }
  }
}

/** Accepts a new connection, or not. */
function verify(client: PoolClient, tell: (error?: Error) => void): void {
  void outcomeOf(client).then(tell)
}

async function outcomeOf(client: PoolClient): Promise<Error | undefined> {
  try {
    await refuseReplica(client)
    return undefined
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}

function ignore(): void {}
