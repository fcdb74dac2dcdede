import { hash } from 'node:crypto'
import { types, type ClientBase, type PoolConfig } from 'pg'
import { StoreFault } from '../../../store/fault.ts'

/** Milliseconds to wait for a connection, new or free. */
const CONNECT_TIMEOUT = 2000

/** What every connection to a database has. */
export function connectionConfig(url: string): PoolConfig {
  return {
    connectionString: url,
    application_name: 'latchkey',
    connectionTimeoutMillis: CONNECT_TIMEOUT,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    types: {
      // Counts and sums of them: far below 2^53.
      getTypeParser: (type, format) =>
        type === types.builtins.INT8 ? Number : types.getTypeParser(type, format),
    },
  }
}

/** Rejects over a replica, which may not know of a revocation yet. */
export async function refuseReplica(client: ClientBase): Promise<void> {
  const { rows } = await client.query<{ replica: boolean }>('select pg_is_in_recovery() as replica')
  if (rows[0]?.replica !== false) throw new StoreFault('away', 'the database is a replica')
}

// A statement that is prepared stays with its connection for good: those whose text depends on
// how many rows they are about aren't.
const PREPARED_PARAMETERS_MAX = 24
const PREPARED_MAX = 300
const names = new Map<string, string>()

/** A query by the name of its statement, so that the database plans it once for a connection. */
export function prepared(text: string, parameters: readonly unknown[]) {
  const values = [...parameters]
  if (values.length === 0 || values.length > PREPARED_PARAMETERS_MAX) return { text, values }
  return { ...named(text), values }
}

/** A statement by its name, as long as there are not too many. */
export function named(text: string): { name?: string; text: string } {
  let name = names.get(text)
  if (name === undefined && names.size < PREPARED_MAX) {
    name = hash('sha256', text, 'base64url')
    names.set(text, name)
  }
  return name === undefined ? { text } : { name, text }
}

/** Keeps others from trying where it failed a moment ago. */
export class Pause {
  #until = 0

  get isOn(): boolean {
    return this.#until > 0 && performance.now() < this.#until
  }

  /** Throws {@link StoreFault} as long as nobody should try. */
  check(): void {
    if (!this.isOn) return
    throw new StoreFault('away', 'the database could not be reached a moment ago')
  }

  begin(): void {
    this.#until = performance.now() + PAUSE_AFTER_FAILURE
  }
}

const PAUSE_AFTER_FAILURE = 500
