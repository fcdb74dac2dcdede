import { sql, type Kysely } from 'kysely'
import type { Database } from '../../../store/schema.ts'
import type { BackgroundWork, Locks } from '../../../store/sql/locks.ts'

// The first number of each lock's two: others may use locks of theirs in the same database.
const LATCHKEY = 0x4c4b
const CHANGES = 1
/** Held for as long as a server has the embedded brokers. */
export const EMBEDDED_BROKERS = [LATCHKEY, 2] as const
const BACKGROUND: Record<BackgroundWork, number> = { ageing: 100 }

/** Advisory locks of the database, which all servers on it share. */
export const postgresLocks: Locks = {
  async forChange(transaction) {
    await sql`select pg_advisory_xact_lock(${LATCHKEY}, ${CHANGES})`.execute(transaction)
  },
  async tryBackground(transaction: Kysely<Database>, work: BackgroundWork) {
    const { rows } = await sql<{ free: boolean }>`
      select pg_try_advisory_xact_lock(${LATCHKEY}, ${BACKGROUND[work]}) as free`.execute(
      transaction,
    )
    return rows[0]?.free === true
  },
  ofRows: true,
}
