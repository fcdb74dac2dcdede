import type { Kysely, Transaction } from 'kysely'
import type { Database } from '../schema.ts'

/**
 * Runs work in a transaction: in the one that `db` is, or else in one of its own. SQLite has one
 * connection, so inside a transaction everything has to be asked of the transaction: asking
 * `db` would wait for ever.
 */
export async function inTransaction<Result>(
  db: Kysely<Database>,
  work: (transaction: Kysely<Database> | Transaction<Database>) => Promise<Result>,
): Promise<Result> {
  return db.isTransaction ? work(db) : db.transaction().execute(work)
}
