import { DatabaseError } from 'pg'
import { StoreFault } from '../../../store/fault.ts'

// SQLSTATE (https://www.postgresql.org/docs/current/errcodes-appendix.html): connections, too
// many of them, transactions and statements cut short, a server that stops or starts, one that only reads.
const AWAY = /^(?:08...|40001|40P01|53300|57014|57P0.|25006|55P03)$/
const FULL = '53100'
const CONNECTION_LOST = /^(?:08...|57P0.|25006)$/

/** Whether the connection is of no more use: every error that isn't the database's own word. */
export function isBroken(error: unknown): boolean {
  return !(error instanceof DatabaseError) || CONNECTION_LOST.test(error.code ?? '')
}

/** The error that the store throws for one of the driver's. */
export function toStoreError(error: unknown): unknown {
  if (error instanceof StoreFault) return error
  if (!(error instanceof DatabaseError)) return new StoreFault('away', reasonOf(error))
  if (error.code === FULL) return new StoreFault('full', error)
  return AWAY.test(error.code ?? '') ? new StoreFault('away', error) : error
}

/**
 * The error that the store throws where no connection can be had. Whatever the database says of
 * it, it gives no answer: on a full disk, PostgreSQL may call it an internal error.
 */
export function toConnectionFault(error: unknown): StoreFault {
  if (error instanceof StoreFault) return error
  return new StoreFault('away', error instanceof DatabaseError ? error : reasonOf(error))
}

/** Why a database can't be used; of a name with several addresses, Node tells no more than a code. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.message !== '') return error.message
  return 'code' in error ? String(error.code) : error.name
}
