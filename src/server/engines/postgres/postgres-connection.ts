import { hash } from 'node:crypto'
import { types, type ClientBase, type PoolConfig } from 'pg'
import { StoreError } from '../../../store/store-error.ts'

/** Milliseconds to wait for a connection, new or free. */
const CONNECT_TIMEOUT_MS = 2000

/** Settings of every connection to the database. */
export function connectionConfig(url: string): PoolConfig {
  return {
    connectionString: url,
    application_name: 'latchkey',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    types: {
      // Counts and sums stay far below 2^53.
      getTypeParser: (type, format) =>
        type === types.builtins.INT8 ? Number : types.getTypeParser(type, format),
    },
  }
}

/** Rejects a read replica: it could miss a revocation. */
export async function refuseReplica(client: ClientBase): Promise<void> {
  const { rows } = await client.query<{ replica: boolean }>('select pg_is_in_recovery() as replica')
  if (rows[0]?.replica !== false) throw new StoreError('unavailable', 'the database is a replica')
}

// Prepared statements stay on their connection, so those whose text depends on the number of rows
// aren't prepared.
const PREPARED_PARAMETERS_MAX = 24
const PREPARED_MAX = 300
const names = new Map<string, string>()

/** A query as a prepared statement, which the database plans once per connection. */
export function prepared(text: string, parameters: readonly unknown[]) {
  const values = [...parameters]
  if (values.length === 0 || values.length > PREPARED_PARAMETERS_MAX) return { text, values }
  return { ...named(text), values }
}

/** Names a prepared statement, up to a limit. */
export function named(text: string): { name?: string; text: string } {
  let name = names.get(text)
  if (name === undefined && names.size < PREPARED_MAX) {
    name = hash('sha256', text, 'base64url')
    names.set(text, name)
  }
  return name === undefined ? { text } : { name, text }
}

/** A circuit breaker: after a failure, attempts fail at once for half a second. */
export class CircuitBreaker {
  #openUntil = 0

  get isOpen(): boolean {
    return this.#openUntil > 0 && performance.now() < this.#openUntil
  }

  /** Throws {@link StoreError} while open. */
  assertClosed(): void {
    if (!this.isOpen) return
    throw new StoreError('unavailable', 'the database could not be reached a moment ago')
  }

  trip(): void {
    this.#openUntil = performance.now() + OPEN_MS
  }
}

const OPEN_MS = 500
