import { hash } from 'node:crypto'
import { kyselyAdapter } from '@better-auth/kysely-adapter'
import type { BetterAuthOptions } from 'better-auth'
import type { DBAdapter, DBTransactionAdapter, Where } from 'better-auth/adapters'
import type { Kysely } from 'kysely'
import type { Database } from '../../store/schema.ts'
import type { Store, StoreParts } from '../../store/store.ts'
import { noted } from './store-faults.ts'

/** What goes with the library's changes, in their transactions. */
export type Recorder = {
  /** Rejects where what the change rests on holds no more; nothing changes from then on. */
  begin(parts: StoreParts): Promise<void>
  /** Writes what comes with a new row. */
  added(parts: StoreParts, model: string, row: { [field: string]: unknown }): Promise<void>
}

/**
 * The sign-in library's own Kysely adapter on our store, with three differences: of a session's
 * token the store gets the SHA-256 alone, a new row and its activity are one transaction, and that
 * is one of the store's changes, which are made one at a time.
 * Method by method, never spread, so that no method of a later version gets past the hashing.
 */
export function authAdapter(store: Store, recorder: Recorder) {
  return (options: BetterAuthOptions): DBAdapter => {
    const change = <Result>(
      work: (create: DBTransactionAdapter['create'], on: Kysely<Database>) => Promise<Result>,
    ) =>
      noted(
        store.transaction(async (parts, transaction) => {
          await recorder.begin(parts)
          const added: Added = (model, row) => recorder.added(parts, model, row)
          return work((query) => createOn(transaction, options, added, query), transaction)
        }),
      )
    return {
      ...adapterOn(store.database, options),
      create: (query) => change((create) => create(query)),
      transaction: (work) =>
        change((create, transaction) => work({ ...adapterOn(transaction, options), create })),
    }
  }
}

/** What the store keeps of a session's token. */
export function digestOf(token: string): string {
  return hash('sha256', token, 'hex')
}

type Create = Parameters<DBAdapter['create']>[0]
type Added = (model: string, row: { [field: string]: unknown }) => Promise<void>

async function createOn<T extends { [field: string]: unknown }, R = T>(
  transaction: Kysely<Database>,
  options: BetterAuthOptions,
  added: Added,
  query: Omit<Create, 'data'> & { data: Omit<T, 'id'> },
): Promise<R> {
  const inner = plainAdapter(transaction, options)
  const token: unknown = query.model === 'session' ? Reflect.get(query.data, 'token') : undefined
  const data = typeof token === 'string' ? { ...query.data, token: digestOf(token) } : query.data
  const row = await inner.create<T, R & { [column: string]: unknown }>({ ...query, data })
  await added(query.model, row)
  return typeof token === 'string' ? { ...row, token } : row
}

function plainAdapter(db: Kysely<Database>, options: BetterAuthOptions) {
  // Text times and 0/1 on every engine, as in the rest of the store.
  return kyselyAdapter(db, { type: 'sqlite', transaction: false })(options)
}

function adapterOn(
  db: Kysely<Database>,
  options: BetterAuthOptions,
): Omit<DBTransactionAdapter, 'create'> {
  const inner = plainAdapter(db, options)
  return {
    id: inner.id,
    ...(inner.options && { options: inner.options }),
    findOne: async <T>(query: Parameters<DBAdapter['findOne']>[0]) =>
      opened(query, await noted(inner.findOne<T>(closed(query)))),
    findMany: async <T>(query: Parameters<DBAdapter['findMany']>[0]) =>
      (await noted(inner.findMany<T>(closed(query)))).map((row) => opened(query, row)),
    update: async <T>(query: Parameters<DBAdapter['update']>[0]) => {
      if (query.model === 'session' && 'token' in query.update) {
        throw new Error('the token of a session never changes')
      }
      return opened(query, await noted(inner.update<T>(closed(query))))
    },
    updateMany: (query) => noted(inner.updateMany(closed(query))),
    delete: (query) => noted(inner.delete(closed(query))),
    deleteMany: (query) => noted(inner.deleteMany(closed(query))),
    count: (query) => noted(inner.count(closed(query))),
    consumeOne: (query) => noted(inner.consumeOne(closed(query))),
    incrementOne: (query) => noted(inner.incrementOne(closed(query))),
  }
}

type Query = { model: string; where?: Where[] | undefined }

function closed<Q extends Query>(query: Q): Q {
  if (query.model !== 'session' || !query.where) return query
  return { ...query, where: query.where.map(closedCondition) }
}

function closedCondition(condition: Where): Where {
  if (condition.field !== 'token') return condition
  const { value } = condition
  const digests = Array.isArray(value) ? value.map((one) => digestOf(String(one))) : undefined
  return { ...condition, value: digests ?? digestOf(String(value)) }
}

/** A session found by its token gets that token back, so that the next step finds it as well. */
function opened<T>({ model, where = [] }: Query, row: T): T {
  if (model !== 'session' || typeof row !== 'object' || row === null || !('token' in row)) {
    return row
  }
  const asked = where.filter(({ field }) => field === 'token').flatMap(({ value }) => value)
  const token = asked.find((value) => digestOf(String(value)) === row.token) ?? ''
  return { ...row, token }
}
