import { Client } from 'pg'
import { connectionConfig, refuseReplica } from '../engines/postgres/postgres-connection.ts'
import { EMBEDDED_BROKERS } from '../engines/postgres/postgres-locks.ts'

/** Elects the server that runs the embedded brokers among those on one store. */
export type LeaderElection = {
  /** Tries to become the leader; resolves to whether this server is the leader. */
  tryAcquire(): Promise<boolean>
  /** Gives up the leadership. */
  release(): Promise<void>
}

/** For a server with its own store. */
export const ALWAYS_LEADER: LeaderElection = {
  tryAcquire: async () => true,
  release: async () => {},
}

const QUERY_TIMEOUT_MS = 5000
// Lets the database notice within half a minute that the leader's machine is gone.
const KEEPALIVE = `
  set tcp_keepalives_idle = 10; set tcp_keepalives_interval = 5; set tcp_keepalives_count = 3`

/**
 * Leader election by a PostgreSQL advisory lock, which a dedicated connection holds. While the
 * database is down nobody can become leader, so the last leader stays, and checks again after
 * reconnecting.
 */
export function advisoryLockLeader(databaseUrl: string): LeaderElection {
  let client: Client | undefined
  let isLeader = false

  async function open(): Promise<Client> {
    const opened = new Client({
      ...connectionConfig(databaseUrl),
      query_timeout: QUERY_TIMEOUT_MS,
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
    // The lock is reentrant: the connection that holds it gets it again.
    const { rows } = await asked.query<{ free: boolean }>(
      'select pg_try_advisory_lock($1, $2) as free',
      [...EMBEDDED_BROKERS],
    )
    return rows[0]?.free === true
  }

  return {
    async tryAcquire() {
      try {
        client ??= await open()
        isLeader = await hasLock(client)
      } catch {
        // The database is down, which others report. Its machine can be gone without closing the
        // connection, so the next attempt uses a new one.
        client?.end().catch(() => {})
        client = undefined
      }
      return isLeader
    },
    async release() {
      isLeader = false
      await client?.end().catch(() => {})
    },
  }
}
