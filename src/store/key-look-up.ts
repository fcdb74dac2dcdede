import { CompiledQuery, sql, type Kysely } from 'kysely'
import {
  callColumns,
  toKeyForCall,
  type KeyForCall,
  type ShownCredentials,
} from './api-key-records.ts'
import type { Database } from './schema.ts'

/** A read of one row for each of the things asked for, by which several go into one statement. */
export type RowQuery = {
  /**
   * The SQL for so many things, the parameters of each after those of the one before. Of a thing
   * that is there it gives a row, whose first column is the place of the thing among all, from 0.
   */
  sqlFor: (count: number) => string
}

export type FoundRow = readonly unknown[] | undefined

/** How an engine reads what is committed, on a connection of its own. */
export type LookUp = {
  /** Takes a query once, and then one thing's parameters at a time; each read begins after that. */
  reads(query: RowQuery): (parameters: readonly unknown[]) => FoundRow | Promise<FoundRow>
  /**
   * A number that is another one before anything may have been committed, so that a read may
   * stand for all later ones with the same parameters as long as it is the same. Missing where
   * others may commit, of whom nothing is known.
   */
  epoch?: () => number
}

/** By which calls find their keys; undefined where there is no such key. */
export type FindKey = (
  shown: ShownCredentials,
) => KeyForCall | undefined | Promise<KeyForCall | undefined>

/**
 * Finds the key for a call by one indexed read, so that revocation holds at once. Of whichever
 * deployment, active or not: the caller refuses what it must, in equal time.
 */
export function createFindKey(db: Kysely<Database>, lookUp: LookUp = throughKysely(db)): FindKey {
  // Compiled once for each number of keys: building a query would cost more than running it.
  const texts: string[] = []
  const read = lookUp.reads({ sqlFor: (count) => (texts[count] ??= sqlFor(db, count)) })
  const { epoch } = lookUp
  const kept = epoch && new KeptKeys(epoch)

  return (shown) => {
    const known = kept?.get(shown)
    if (known) return known
    const found = read([shown.appId, shown.secretHash, shown.deploymentId, shown.time])
    if (found instanceof Promise) return found.then((row) => row && toKeyForCall(row))
    const key = found && toKeyForCall(found)
    if (key?.rights) kept?.add(shown, key)
    return key
  }
}

const KEPT_MAX = 10_000

/**
 * Keys whose right secret was shown, for as long as reading them again would give the same. What
 * is refused is always read, since its time must not tell why.
 */
class KeptKeys {
  readonly #epoch: () => number
  /** By the hash of the secret, of which nobody without it can make one that is here. */
  readonly #keys = new Map<string, { appId: string; until: string; key: KeyForCall }>()
  #since = -1

  constructor(epoch: () => number) {
    this.#epoch = epoch
  }

  get({ appId, secretHash, deploymentId, time }: ShownCredentials): KeyForCall | undefined {
    const epoch = this.#epoch()
    if (epoch !== this.#since) {
      this.#keys.clear()
      this.#since = epoch
      return undefined
    }
    const kept = this.#keys.get(secretHash)
    const isGood =
      kept?.appId === appId && kept.key.deploymentId === deploymentId && time < kept.until
    return isGood ? kept.key : undefined
  }

  add({ appId, secretHash }: ShownCredentials, key: KeyForCall): void {
    const { expiresAt, oldSecret } = key
    const isOld = secretHash !== key.secretHash
    const until = isOld && oldSecret.endsAt < expiresAt ? oldSecret.endsAt : expiresAt
    if (this.#keys.size >= KEPT_MAX) this.#keys.clear()
    this.#keys.set(secretHash, { appId, until, key })
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
  return {
    reads: (query) => async (parameters) => {
      const statement = CompiledQuery.raw(query.sqlFor(1), [...parameters])
      const { rows } = await db.executeQuery<object>(statement)
      return rows[0] && Object.values(rows[0])
    },
  }
}
