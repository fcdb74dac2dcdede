import { DatabaseError } from 'pg'
import { StoreError } from '../../../store/store-error.ts'

// SQLSTATE (https://www.postgresql.org/docs/current/errcodes-appendix.html): connections, too
// many of them, transactions and statements cut short, a server that stops or starts, one that only reads.
const UNAVAILABLE = /^(?:08...|40001|40P01|53300|57014|57P0.|25006|55P03)$/
const FULL = '53100'
const CONNECTION_LOST = /^(?:08...|57P0.|25006)$/

/** Whether the connection is broken: after any error that the database didn't report itself. */
export function isBroken(error: unknown): boolean {
  return !(error instanceof DatabaseError) || CONNECTION_LOST.test(error.code ?? '')
}

/** Maps an error of the driver to the store's. */
export function toStoreError(error: unknown): unknown {
  if (error instanceof StoreError) return error
  if (!(error instanceof DatabaseError))
    return new StoreError('unavailable', describeDatabaseError(error))
  if (error.code === FULL) return new StoreError('full', error)
  return UNAVAILABLE.test(error.code ?? '') ? new StoreError('unavailable', error) : error
}

/**
 * Maps an error of connecting. Whatever code the database gives, it is unavailable: on a full disk,
 * PostgreSQL can report an internal error.
 */
export function toConnectionFault(error: unknown): StoreError {
  if (error instanceof StoreError) return error
  return new StoreError(
    'unavailable',
    error instanceof DatabaseError ? error : describeDatabaseError(error),
  )
}

/** Describes a database error. For a host with several addresses, Node gives only a code. */
export function describeDatabaseError(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.message !== '') return error.message
  return 'code' in error ? String(error.code) : error.name
}
