import { sql, type ExpressionBuilder, type Kysely, type UpdateObject } from 'kysely'
import type { Access } from '../../contract/access/access.ts'
import { toHex } from '../../contract/bytes.ts'
import type { ApiKeySort } from '../../contract/keys/api-key-sorts.ts'
import { keyConditions, type KeyCondition } from '../../contract/keys/key-conditions.ts'
import type { Database } from '../schema.ts'
import { lockKeys, type Locks } from '../sql/locks.ts'
import { like, likeWords } from '../sql/search.ts'
import { inTransaction } from '../sql/transaction.ts'
import type { UpdateResult } from '../update-result.ts'
import { stalestUseDay } from '../usage/stalest-operation.ts'
import { recordOperationUses } from '../usage/used-operations.ts'
import {
  accessColumns,
  addressColumn,
  lastUseColumn,
  toRecord,
  toRow,
  type ApiKeyChange,
  type ApiKeyRecord,
  type NewApiKey,
  type UsedApiKey,
} from './api-key-records.ts'
import { conditionOf } from './key-conditions.ts'
import { createFindKey, type PrepareReads } from './key-lookup.ts'

/** A place in an ordered list of keys: the sort value and App ID of the last one seen. */
export type ApiKeyPosition = { value: string; appId: string }

export type ApiKeyFilter = {
  /** Words, each of which the App ID or the note must contain. */
  search?: string | undefined
  access?: Access['mode'] | undefined
  /** What must be true of a key at this time. */
  condition?: { is: KeyCondition; at: Date } | undefined
}

export type ApiKeyListing = ApiKeyFilter & {
  sort: ApiKeySort
  limit: number
  after?: ApiKeyPosition | undefined
}

// SQLite takes at most 32,766 parameters in a statement; a key has fifteen.
const ROWS_PER_INSERT = 1000

const sortColumns = { createdAt: 'created_at', note: 'note_folded', appId: 'app_id' } as const

function sortOf(sort: ApiKeySort) {
  const descending = sort.startsWith('-')
  const name = sort.replace('-', '')
  const column = name === 'note' || name === 'appId' ? sortColumns[name] : sortColumns.createdAt
  return { column, direction: descending ? ('desc' as const) : ('asc' as const) }
}

/** A key at the version that a change of it is based on. */
export type ApiKeyTarget = { deploymentId: string; appId: string; version: number }

async function find(db: Kysely<Database>, deploymentId: string, appId: string) {
  const row = await db
    .selectFrom('api_keys')
    .selectAll()
    .select(lastUseColumn)
    .where('deployment_id', '=', deploymentId)
    .where('app_id', '=', appId)
    .executeTakeFirst()
  return row && toRecord(row)
}

async function why(db: Kysely<Database>, deploymentId: string, appId: string) {
  const outcome = (await find(db, deploymentId, appId)) ? ('stale' as const) : ('missing' as const)
  return { outcome }
}

async function set(
  db: Kysely<Database>,
  { deploymentId, appId, version }: ApiKeyTarget,
  values: UpdateObject<Database, 'api_keys'>,
): Promise<UpdateResult<ApiKeyRecord>> {
  const row = await db
    .updateTable('api_keys')
    .set({ ...values, version: version + 1 })
    .where('deployment_id', '=', deploymentId)
    .where('app_id', '=', appId)
    .where('version', '=', version)
    .returningAll()
    .returning(lastUseColumn)
    .executeTakeFirst()
  return row ? { outcome: 'done', result: toRecord(row) } : why(db, deploymentId, appId)
}

/** The API keys. Everything rejects when the engine does. */
export type ApiKeyStore = ReturnType<typeof apiKeyStore>

export function apiKeyStore(db: Kysely<Database>, locks: Locks, prepareReads?: PrepareReads) {
  function matching(deploymentId: string, { search, access, condition }: ApiKeyFilter) {
    return (where: ExpressionBuilder<Database, 'api_keys'>) => {
      return where.and([
        where('deployment_id', '=', deploymentId),
        ...(access ? [where('access_mode', '=', access)] : []),
        ...(condition ? [conditionOf(condition.is, condition.at)] : []),
        ...likeWords(search).map((pattern) =>
          where.or([like('app_id', pattern), like('note_folded', pattern)]),
        ),
      ])
    }
  }

  return {
    async get(deploymentId: string, appId: string): Promise<ApiKeyRecord | undefined> {
      return find(db, deploymentId, appId)
    },

    findForCall: createFindKey(db, prepareReads),

    /** A page of keys; one more than `limit` tells the caller that there is another page. */
    async list(deploymentId: string, listing: ApiKeyListing): Promise<ApiKeyRecord[]> {
      const { column, direction } = sortOf(listing.sort)
      // By an index alone: rows are read of those keys only that are on the page.
      let page = db.selectFrom('api_keys').select('app_id')
      page = page.where(matching(deploymentId, listing))
      const { after } = listing
      if (after) {
        const further = direction === 'asc' ? '>' : '<'
        page = page.where((where) =>
          where(where.refTuple(column, 'app_id'), further, where.tuple(after.value, after.appId)),
        )
      }
      page = page.orderBy(column, direction).orderBy('app_id', direction).limit(listing.limit)
      const rows = await db
        .selectFrom('api_keys')
        .selectAll()
        .select(lastUseColumn)
        .where('app_id', 'in', page)
        .orderBy(column, direction)
        .orderBy('app_id', direction)
        .execute()
      return rows.map(toRecord)
    },

    /** How many keys match. */
    async count(deploymentId: string, filter: ApiKeyFilter = {}): Promise<number> {
      const { keys } = await db
        .selectFrom('api_keys')
        .select((select) => select.fn.countAll().as('keys'))
        .where(matching(deploymentId, filter))
        .executeTakeFirstOrThrow()
      return Number(keys)
    },

    /** How many keys of a deployment each condition is true of at this time. */
    async countByCondition(deploymentId: string, at: Date): Promise<Record<KeyCondition, number>> {
      const counted = await db
        .selectFrom('api_keys')
        .select(({ fn }) =>
          keyConditions.map((is) =>
            fn.sum(sql`case when ${conditionOf(is, at)} then 1 else 0 end`).as(is),
          ),
        )
        .where('deployment_id', '=', deploymentId)
        .executeTakeFirstOrThrow()
      // Of no keys there is no sum.
      const count = (is: KeyCondition) => Number(counted[is] ?? 0)
      return {
        fullAccess: count('fullAccess'),
        neverExpires: count('neverExpires'),
        unused30: count('unused30'),
        unused90: count('unused90'),
        oldSecretInUse: count('oldSecretInUse'),
        legacy: count('legacy'),
        unusedPermissions: count('unusedPermissions'),
      }
    },

    /** Keys of every deployment that has any. */
    async countByDeployment(): Promise<Map<string, number>> {
      const rows = await db
        .selectFrom('api_keys')
        .select((select) => ['deployment_id', select.fn.countAll().as('keys')])
        .groupBy('deployment_id')
        .execute()
      return new Map(rows.map((row) => [row.deployment_id, Number(row.keys)]))
    },

    /** Adds a key; false, and nothing added, when its App ID is taken. */
    async create(apiKey: NewApiKey): Promise<boolean> {
      const added = await db
        .insertInto('api_keys')
        .values(toRow(apiKey))
        .onConflict((conflict) => conflict.column('app_id').doNothing())
        .executeTakeFirst()
      return added.numInsertedOrUpdatedRows === 1n
    },

    /** Adds many keys, all or none; rejects when an App ID is taken. */
    async createMany(apiKeys: readonly UsedApiKey[]): Promise<void> {
      await inTransaction(db, async (transaction) => {
        for (let at = 0; at < apiKeys.length; at += ROWS_PER_INSERT) {
          const some = apiKeys.slice(at, at + ROWS_PER_INSERT)
          await transaction.insertInto('api_keys').values(some.map(toRow)).execute()
          const uses = some.flatMap(({ appId, lastUse }) =>
            lastUse ? [{ appId, ...lastUse }] : [],
          )
          if (uses.length > 0) await recordOperationUses(transaction, uses)
        }
      })
    },

    /** Changes what is given of a key that still is at this version. */
    async update(target: ApiKeyTarget, change: ApiKeyChange): Promise<UpdateResult<ApiKeyRecord>> {
      const { note, access, disabled, expiresAt, allowedAddresses } = change
      return inTransaction(db, async (transaction) => {
        // A statement that waits for a batch of uses doesn't see what it noted; the next one does.
        if (access) await lockKeys(transaction, locks, [target.appId])
        return set(transaction, target, {
          ...(note !== undefined && { note, note_folded: note.toLowerCase() }),
          ...(access && {
            ...accessColumns(access),
            stalest_operation_used_on: stalestUseDay(target.appId, access),
          }),
          ...(disabled !== undefined && { disabled: disabled ? 1 : 0 }),
          ...(expiresAt !== undefined && { expires_at: expiresAt }),
          ...(allowedAddresses && { allowed_addresses: addressColumn(allowedAddresses) }),
        })
      })
    },

    /**
     * Gives a key another secret. The one it had is good until this time, or no more where none
     * is given; one from before that ends in any case.
     */
    async rotate(
      target: ApiKeyTarget,
      { secretHash, oldSecretEndsAt }: { secretHash: Uint8Array; oldSecretEndsAt: string | null },
    ): Promise<UpdateResult<ApiKeyRecord>> {
      return set(db, target, {
        secret_hash: toHex(secretHash),
        // The right side of an assignment is what was there before.
        old_secret_hash: oldSecretEndsAt === null ? null : sql<string>`secret_hash`,
        old_secret_ends_at: oldSecretEndsAt,
        old_secret_last_used_at: null,
      })
    },

    /** Takes the secret from before the last rotation from a key. */
    async endOldSecret(target: ApiKeyTarget): Promise<UpdateResult<ApiKeyRecord>> {
      return set(db, target, {
        old_secret_hash: null,
        old_secret_ends_at: null,
        old_secret_last_used_at: null,
      })
    },

    /** Deletes a key, and gives what it was; only at this version where one is given. */
    async remove(
      deploymentId: string,
      appId: string,
      version: number | undefined,
    ): Promise<UpdateResult<ApiKeyRecord>> {
      let removal = db
        .deleteFrom('api_keys')
        .where('deployment_id', '=', deploymentId)
        .where('app_id', '=', appId)
      if (version !== undefined) removal = removal.where('version', '=', version)
      const row = await removal.returningAll().returning(lastUseColumn).executeTakeFirst()
      return row ? { outcome: 'done', result: toRecord(row) } : why(db, deploymentId, appId)
    },
  }
}
