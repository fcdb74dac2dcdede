import {
  CompiledQuery,
  type DatabaseConnection,
  type Driver,
  type QueryResult,
  type TransactionSettings,
} from 'kysely'
import { Pool, type PoolClient, type PoolConfig } from 'pg'
import { StoreError } from '../../../store/store-error.ts'
import { CircuitBreaker, prepared, refuseReplica } from './postgres-connection.ts'
import { isBroken, toConnectionFault, toStoreError } from './postgres-errors.ts'

const WAITING_MAX = 500

/**
 * Kysely's driver on a connection pool. The queue for a connection is bounded in length and time,
 * statements are prepared, broken connections are discarded, and errors are mapped to the store's.
 */
export class PostgresDriver implements Driver {
  readonly #pool: Pool
  readonly #breaker = new CircuitBreaker()
  /** Increased when a connection of the current generation is lost. */
  #generation = 0
  readonly #generations = new WeakMap<PoolClient, number>()

  constructor(config: PoolConfig) {
    this.#pool = new Pool({ ...config, verify })
    // Errors of idle connections; a connection in use reports them by its query.
    this.#pool.on('error', ignore)
    this.#pool.on('connect', (client) => {
      client.on('error', ignore)
      this.#generations.set(client, this.#generation)
    })
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<PostgresConnection> {
    this.#breaker.assertClosed()
    if (this.#pool.waitingCount >= WAITING_MAX) {
      throw new StoreError('unavailable', 'too many wait for the database')
    }
    try {
      const client = await this.#connect()
      return new PostgresConnection(client, () => {
        if (this.#isCurrent(client)) this.#generation += 1
      })
    } catch (error) {
      this.#breaker.trip()
      throw toConnectionFault(error)
    }
  }

  /**
   * After one connection was lost, older ones can be dead as well: a machine that is gone closes
   * nothing, and each would block a query until its timeout.
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
    // PostgreSQL answers ROLLBACK if a statement failed before.
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

  /** Runs a command without parameters and returns its command tag. */
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

/** Verifies a new connection for the pool. */
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
