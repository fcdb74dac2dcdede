import { CompiledQuery, sql, type Kysely } from 'kysely'
import type { Database } from '../schema.ts'
import {
  callColumns,
  toKeyForCall,
  type KeyForCall,
  type ShownCredentials,
} from './api-key-records.ts'

/** A read of one row for each of the things asked for, by which several go into one statement. */
export type RowQuery = {
  /**
   * The SQL for so many things, the parameters of each after those of the one before. Of a thing
   * that is there it gives a row, whose first column is the place of the thing among all, from 0.
   * To make it costs more than to run it: each is wanted once.
   */
  sqlFor: (count: number) => string
}

/** What a read gave, and in which epoch, where the engine has them. */
export type Found = { row: readonly unknown[] | undefined; epoch?: number }

/** Reads of one query. */
export type RowReads = {
  /** Reads for one thing, by its parameters. It begins after this is called. */
  read: (parameters: readonly unknown[]) => Found | Promise<Found>
  /**
   * Asks for the epoch of a moment after this is called. In all of an epoch no change is committed
   * of what was found, so that one read stands for every later one with the same parameters.
   * Missing where others may commit, of whom nothing is known.
   */
  epoch?: () => number | Promise<number>
  /** How many of those that were found are worth their memory, of which each takes about 1 kB. */
  keptMax?: number
}

/** How an engine reads what is committed, on a connection of its own. Takes a query once. */
export type LookUp = (query: RowQuery) => RowReads

/** By which calls find their keys; undefined where there is no such key. */
export type FindKey = (
  shown: ShownCredentials,
) => KeyForCall | undefined | Promise<KeyForCall | undefined>

/**
 * Finds the key for a call by one indexed read, or by one that was made in the same epoch, so that
 * revocation holds at once. Of whichever deployment, active or not: the caller refuses what it
 * must, in equal time.
 */
export function createFindKey(db: Kysely<Database>, lookUp: LookUp = throughKysely(db)): FindKey {
  const reads = lookUp({ sqlFor: (count) => sqlFor(db, count) })
  const kept = new KeptKeys(reads.keptMax ?? 0)

  // Several calls come in a millisecond, and to write its time takes as long as half a read.
  let written = { time: 0, text: '' }
  const textOf = (time: number): string => {
    if (written.time !== time) written = { time, text: new Date(time).toISOString() }
    return written.text
  }

  function read(shown: ShownCredentials): ReturnType<FindKey> {
    const { appId, secretHash, deploymentId, time } = shown
    const found = reads.read([appId, secretHash, deploymentId, textOf(time)])
    return found instanceof Promise ? found.then((one) => keep(shown, one)) : keep(shown, found)
  }

  function keep(shown: ShownCredentials, { row, epoch }: Found): KeyForCall | undefined {
    const key = row && toKeyForCall(row)
    if (key?.rights && epoch !== undefined) kept.add(shown, key, epoch)
    return key
  }

  function keyIn(epoch: number, known: Kept, shown: ShownCredentials): ReturnType<FindKey> {
    kept.enter(epoch)
    return epoch === known.epoch ? known.key : read(shown)
  }

  return (shown) => {
    const known = kept.find(shown)
    const epoch = known && reads.epoch?.()
    if (!known || epoch === undefined) return read(shown)
    return epoch instanceof Promise
      ? epoch.then((now) => keyIn(now, known, shown))
      : keyIn(epoch, known, shown)
  }
}

type Kept = { appId: string; until: number; key: KeyForCall; epoch: number }

/**
 * Keys whose right secret was shown in the latest known epoch, for as long as that goes on. What
 * is refused is always read, since its time must not tell why.
 */
class KeptKeys {
  /** By the hash of the secret, of which nobody without it can make one that is here. */
  readonly #keys = new Map<string, Kept>()
  readonly #max: number
  #epoch = 0

  constructor(max: number) {
    this.#max = max
  }

  /** Forgets the keys of another epoch: to ask whether that goes on would be in vain. */
  enter(epoch: number): void {
    if (epoch === this.#epoch) return
    this.#keys.clear()
    this.#epoch = epoch
  }

  find({ appId, secretHash, deploymentId, time }: ShownCredentials): Kept | undefined {
    const kept = this.#keys.get(secretHash)
    const isGood =
      kept?.appId === appId && kept.key.deploymentId === deploymentId && time < kept.until
    return isGood ? kept : undefined
  }

  add({ appId, secretHash }: ShownCredentials, key: KeyForCall, epoch: number): void {
    this.enter(epoch)
    const { expiresAt, oldSecret } = key
    const isOld = secretHash !== key.secretHash
    const until = isOld && oldSecret.endsAt < expiresAt ? oldSecret.endsAt : expiresAt
    if (this.#keys.size >= this.#max) this.#keys.clear()
    this.#keys.set(secretHash, { appId, until, key, epoch })
  }
}

function sqlFor(db: Kysely<Database>, count: number): string {
  const text = sql`cast(${null} as text)`
  const rows = Array.from({ length: count }, (_, place) => {
    return sql`(${sql.join([sql.lit(place), text, text, text, text])})`
  })
  const query = sql`
    with shown (place, app_id, secret_hash, deployment_id, time) as (values ${sql.join(rows)})
    select place, ${callColumns} from shown
    join api_keys on api_keys.app_id = shown.app_id
    join deployments on deployments.id = api_keys.deployment_id`
  return query.compile(db).sql
}

function throughKysely(db: Kysely<Database>): LookUp {
  return ({ sqlFor }) => {
    const text = sqlFor(1)
    return {
      async read(parameters) {
        const statement = CompiledQuery.raw(text, [...parameters])
        const { rows } = await db.executeQuery<object>(statement)
        return { row: rows[0] && Object.values(rows[0]) }
      },
    }
  }
}
