import { CompiledQuery, sql, type Kysely } from 'kysely'
import type { Database } from '../schema.ts'
import {
  callColumns,
  toKeyForCall,
  type KeyForCall,
  type ShownCredentials,
} from './api-key-records.ts'

/** A query that reads one row per item, so that several reads can share a statement. */
export type RowQuery = {
  /**
   * SQL for a number of items, with their parameters one after the other. The first column of a
   * row is the index of its item, from 0. Building it costs more than running it: cache the result.
   */
  sqlFor: (count: number) => string
}

/** The result of a read, with its epoch if the engine has epochs. */
export type FoundRow = { row: readonly unknown[] | undefined; epoch?: number }

/** Reads by one query. */
export type RowReads = {
  /** Reads one item. The read begins after this call. */
  read: (parameters: readonly unknown[]) => FoundRow | Promise<FoundRow>
  /**
   * The epoch at a moment after this call. Within an epoch no change to the rows is committed, so
   * an earlier read is still valid. Missing on engines where others could commit unnoticed.
   */
  epoch?: () => number | Promise<number>
  /** How many rows to cache, at about 1 kB each. */
  cacheMax?: number
}

/** Prepares reads of committed rows on a separate connection of the engine. */
export type PrepareReads = (query: RowQuery) => RowReads

/** Finds the key of a call; undefined if there is none. */
export type FindKey = (
  shown: ShownCredentials,
) => KeyForCall | undefined | Promise<KeyForCall | undefined>

/**
 * Makes the key lookup of the gateway: one indexed read, or the cached result of a read in the same
 * epoch, so that revocation holds at once. It finds keys of any deployment and state; the gateway
 * refuses them in equal time.
 */
export function createFindKey(
  db: Kysely<Database>,
  prepareReads: PrepareReads = readsByKysely(db),
): FindKey {
  const reads = prepareReads({ sqlFor: (count) => sqlFor(db, count) })
  const cache = new KeyCache(reads.cacheMax ?? 0)

  // Formatting a time takes as long as half a read, and several calls share a millisecond.
  let written = { time: 0, text: '' }
  const textOf = (time: number): string => {
    if (written.time !== time) written = { time, text: new Date(time).toISOString() }
    return written.text
  }

  function read(shown: ShownCredentials): ReturnType<FindKey> {
    const { appId, secretHash, deploymentId, time } = shown
    const found = reads.read([appId, secretHash, deploymentId, textOf(time)])
    return found instanceof Promise ? found.then((one) => store(shown, one)) : store(shown, found)
  }

  function store(shown: ShownCredentials, { row, epoch }: FoundRow): KeyForCall | undefined {
    const key = row && toKeyForCall(row)
    if (key?.rights && epoch !== undefined) cache.add(shown, key, epoch)
    return key
  }

  function keyInEpoch(
    epoch: number,
    known: CachedKey,
    shown: ShownCredentials,
  ): ReturnType<FindKey> {
    cache.startEpoch(epoch)
    return epoch === known.epoch ? known.key : read(shown)
  }

  return (shown) => {
    const known = cache.find(shown)
    const epoch = known && reads.epoch?.()
    if (!known || epoch === undefined) return read(shown)
    return epoch instanceof Promise
      ? epoch.then((now) => keyInEpoch(now, known, shown))
      : keyInEpoch(epoch, known, shown)
  }
}

type CachedKey = { appId: string; validUntil: number; key: KeyForCall; epoch: number }

/**
 * Caches keys of successful authentications for the current epoch. Refusals are never cached: their
 * timing must not tell why.
 */
class KeyCache {
  /** By hash of the secret, which nobody can forge without the secret. */
  readonly #keys = new Map<string, CachedKey>()
  readonly #max: number
  #epoch = 0

  constructor(max: number) {
    this.#max = max
  }

  /** Clears the cache when the epoch has changed. */
  startEpoch(epoch: number): void {
    if (epoch === this.#epoch) return
    this.#keys.clear()
    this.#epoch = epoch
  }

  find({ appId, secretHash, deploymentId, time }: ShownCredentials): CachedKey | undefined {
    const cache = this.#keys.get(secretHash)
    const isValid =
      cache?.appId === appId && cache.key.deploymentId === deploymentId && time < cache.validUntil
    return isValid ? cache : undefined
  }

  add({ appId, secretHash }: ShownCredentials, key: KeyForCall, epoch: number): void {
    this.startEpoch(epoch)
    const { expiresAt, oldSecret } = key
    const isOld = secretHash !== key.secretHash
    const validUntil = isOld && oldSecret.endsAt < expiresAt ? oldSecret.endsAt : expiresAt
    if (this.#keys.size >= this.#max) this.#keys.clear()
    this.#keys.set(secretHash, { appId, validUntil, key, epoch })
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

function readsByKysely(db: Kysely<Database>): PrepareReads {
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
