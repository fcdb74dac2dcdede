import { Client } from 'pg'
import { connectionConfig, refuseReplica } from '../engines/postgres/postgres-connection.ts'
import { EMBEDDED_BROKERS } from '../engines/postgres/postgres-locks.ts'

/** Which server of those on one store runs the embedded brokers. */
export type EmbeddedOwner = {
  /** Tries to be the one, where it isn't; resolves to whether it is. */
  claim(): Promise<boolean>
  /** Lets another be the one. */
  release(): Promise<void>
}

/** For a server that has its store to itself. */
export const ONLY_SERVER: EmbeddedOwner = {
  claim: async () => true,
  release: async () => {},
}

const ANSWER_TIMEOUT = 5000
// A machine that is gone can't say so: the database finds out in half a minute, not in hours.
const KEEPALIVE = `
  set tcp_keepalives_idle = 10; set tcp_keepalives_interval = 5; set tcp_keepalives_count = 3`

/**
 * The server that holds a lock of the database, on a connection of its own. While the database
 * is away nobody can get it, and who had it last goes on; it finds out once the database is back.
 */
export function ownerByLock(databaseUrl: string): EmbeddedOwner {
  let client: Client | undefined
  let isOwner = false

  async function open(): Promise<Client> {
    const opened = new Client({
      ...connectionConfig(databaseUrl),
      query_timeout: ANSWER_TIMEOUT,
    })
    const forget = () => {
      if (client === opened) client = undefined
    }
    opened.on('error', forget)
    opened.on('end', forget)
    try {
      await opened.connect()
      await refuseReplica(opened)
      await opened.query(KEEPALIVE)
    } catch (error) {
      await opened.end().catch(() => {})
      throw error
    }
    return opened
  }

  async function hasLock(asked: Client): Promise<boolean> {
    // Its connection gets the lock once more, and so proves that it still has it.
    const { rows } = await asked.query<{ free: boolean }>(
      'select pg_try_advisory_lock($1, $2) as free',
      [...EMBEDDED_BROKERS],
    )
    return rows[0]?.free === true
  }

  return {
    async claim() {
      try {
        client ??= await open()
        isOwner = await hasLock(client)
      } catch {
        // What uses the store says that the database is away. Where its machine is gone without a
        // word the connection never ends by itself, and only a new one tells who owns by now.
        client?.end().catch(() => {})
        client = undefined
      }
      return isOwner
    },
    async release() {
      isOwner = false
      await client?.end().catch(() => {})
    },
  }
}
