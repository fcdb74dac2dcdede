import type { Kysely, Transaction } from 'kysely'
import type { Database } from '../schema.ts'

/**
 * Runs work in the transaction that `db` is, or in a new one. SQLite has one connection, so work in
 * a transaction must use the transaction and not `db`, which would wait for ever.
 */
export async function inTransaction<Result>(
  db: Kysely<Database>,
  work: (transaction: Kysely<Database> | Transaction<Database>) => Promise<Result>,
): Promise<Result> {
  return db.isTransaction ? work(db) : db.transaction().execute(work)
}
