import { sql, type Kysely } from 'kysely'
import type { Database } from '../../../store/schema.ts'
import type { BackgroundWork, Locks } from '../../../store/sql/locks.ts'

// First key of each lock, so that other users of the database don't collide.
const LATCHKEY = 0x4c4b
const CHANGES = 1
/** The leader's lock, held as long as a server runs the embedded brokers. */
export const EMBEDDED_BROKERS = [LATCHKEY, 2] as const
const BACKGROUND: Record<BackgroundWork, number> = { ageing: 100 }

/** PostgreSQL advisory locks, shared by all servers on the database. */
export const postgresLocks: Locks = {
  async serializeChanges(transaction) {
    await sql`select pg_advisory_xact_lock(${LATCHKEY}, ${CHANGES})`.execute(transaction)
  },
  async tryBackground(transaction: Kysely<Database>, work: BackgroundWork) {
    const { rows } = await sql<{ free: boolean }>`
      select pg_try_advisory_xact_lock(${LATCHKEY}, ${BACKGROUND[work]}) as free`.execute(
      transaction,
    )
    return rows[0]?.free === true
  },
  hasRowLocks: true,
}
