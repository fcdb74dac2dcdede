import type { CompiledQuery, ExpressionBuilder, Insertable, Kysely, Selectable } from 'kysely'
import { z } from 'zod'
import type { Access } from '../contract/access/access.ts'
import type { ApiKeySort } from '../contract/api-key-sorts.ts'
import { toHex } from '../contract/bytes.ts'
import { plans, versions, type Edition } from '../contract/plans.ts'
import { operationIdSchema } from '../contract/schemas.ts'
import type { ChangeOutcome } from './change-outcome.ts'
import type { Database } from './schema.ts'
import { like, likeWords } from './search.ts'
import { inTransaction } from './transaction.ts'

/** A key as it is stored, without what its secret is checked by. */
export type ApiKeyRecord = {
  appId: string
  deploymentId: string
  note: string
  access: Access
  legacy: boolean
  createdAt: string | null
  disabled: boolean
  /** Null for a key that never expires. */
  expiresAt: string | null
  version: number
}

export type NewApiKey = Omit<ApiKeyRecord, 'version' | 'disabled' | 'expiresAt'> & {
  disabled?: boolean
  expiresAt?: string | null
  /** SHA-256 of the App Secret; the secret itself never gets here. */
  secretHash: Uint8Array
}

/** What is to change of a key; what is left out stays. */
export type ApiKeyChange = {
  note?: string | undefined
  access?: Access | undefined
  disabled?: boolean | undefined
  expiresAt?: string | null | undefined
}

/** What the gateway needs to know of a key to decide a call. */
export type KeyForCall = Edition & {
  deploymentId: string
  secretHash: Uint8Array
  disabled: boolean
  /** The RFC 3339 time from which on the key is refused; null for never. */
  expiresAt: string | null
  /**
   * What it may do, undefined once it is removed. To be asked for once the secret is right: a
   * long list takes longer to read, which must not show before.
   */
  access(): Promise<Access | undefined>
}

/** Runs one read on what is committed, and gives its rows. */
export type LookUp = (query: CompiledQuery) => readonly unknown[] | Promise<readonly unknown[]>

/** A place in an ordered list of keys: the sort value and App ID of the last one seen. */
export type ApiKeyPosition = { value: string; appId: string }

export type ApiKeyFilter = {
  /** Words, each of which the App ID or the note must contain. */
  search?: string | undefined
  access?: Access['mode'] | undefined
}

export type ApiKeyListing = ApiKeyFilter & {
  sort: ApiKeySort
  limit: number
  after?: ApiKeyPosition | undefined
}

const storedOperations = z.array(operationIdSchema)
const storedCall = z.object({
  deployment_id: z.string(),
  plan: z.enum(plans),
  version: z.enum(versions),
  access_mode: z.enum(['full', 'list']),
  secret_hash: z.string(),
  disabled: z.literal([0, 1]),
  expires_at: z.string().nullable(),
})
const storedAccess = z.object({
  access_mode: z.enum(['full', 'list']),
  operations: z.string().nullable(),
})

function toAccess(mode: 'full' | 'list', operations: string | null): Access {
  if (mode === 'full') return { mode: 'full' }
  if (operations === null) throw new Error('a key with a list of operations has none stored')
  return { mode: 'list', operations: storedOperations.parse(JSON.parse(operations)) }
}

function toColumns(access: Access) {
  return {
    access_mode: access.mode,
    operations: access.mode === 'list' ? JSON.stringify(access.operations) : null,
  }
}

function toRecord(row: Selectable<Database['api_keys']>): ApiKeyRecord {
  return {
    appId: row.app_id,
    deploymentId: row.deployment_id,
    note: row.note,
    access: toAccess(row.access_mode, row.operations),
    legacy: row.legacy === 1,
    createdAt: row.created_at === '' ? null : row.created_at,
    disabled: row.disabled === 1,
    expiresAt: row.expires_at,
    version: row.version,
  }
}

function toRow(apiKey: NewApiKey): Insertable<Database['api_keys']> {
  return {
    app_id: apiKey.appId,
    deployment_id: apiKey.deploymentId,
    note: apiKey.note,
    note_folded: apiKey.note.toLowerCase(),
    ...toColumns(apiKey.access),
    secret_hash: toHex(apiKey.secretHash),
    legacy: apiKey.legacy ? 1 : 0,
    created_at: apiKey.createdAt ?? '',
    disabled: apiKey.disabled ? 1 : 0,
    expires_at: apiKey.expiresAt ?? null,
    version: 1,
  }
}

// SQLite takes at most 32,766 parameters in a statement; a key has twelve.
const ROWS_PER_INSERT = 1000

const sortColumns = { createdAt: 'created_at', note: 'note_folded', appId: 'app_id' } as const

function sortOf(sort: ApiKeySort) {
  const descending = sort.startsWith('-')
  const name = sort.replace('-', '')
  const column = name === 'note' || name === 'appId' ? sortColumns[name] : sortColumns.createdAt
  return { column, direction: descending ? ('desc' as const) : ('asc' as const) }
}

/** The API keys. Everything rejects when the engine does. */
export type ApiKeyStore = ReturnType<typeof apiKeyStore>

export function apiKeyStore(
  db: Kysely<Database>,
  lookUp: LookUp = async (query) => (await db.executeQuery(query)).rows,
) {
  // Compiled once: building a query would cost the gateway more than running it.
  const callQuery = db
    .selectFrom('api_keys')
    .innerJoin('deployments', 'deployments.id', 'api_keys.deployment_id')
    .select(['deployment_id', 'plan', 'deployments.version'])
    .select(['access_mode', 'secret_hash', 'disabled', 'expires_at'])
    .where('app_id', '=', '')
    .compile()
  const accessQuery = db
    .selectFrom('api_keys')
    .select(['access_mode', 'operations'])
    .where('app_id', '=', '')
    .compile()

  async function accessOf(appId: string): Promise<Access | undefined> {
    const query: CompiledQuery = { ...accessQuery, parameters: [appId] }
    const [found] = await lookUp(query)
    if (found === undefined) return undefined
    const { access_mode, operations } = storedAccess.parse(found)
    return toAccess(access_mode, operations)
  }

  async function get(deploymentId: string, appId: string): Promise<ApiKeyRecord | undefined> {
    const row = await db
      .selectFrom('api_keys')
      .selectAll()
      .where('deployment_id', '=', deploymentId)
      .where('app_id', '=', appId)
      .executeTakeFirst()
    return row && toRecord(row)
  }

  async function why(deploymentId: string, appId: string) {
    const outcome = (await get(deploymentId, appId)) ? ('stale' as const) : ('missing' as const)
    return { outcome }
  }

  function matching(deploymentId: string, { search, access }: ApiKeyFilter) {
    return (where: ExpressionBuilder<Database, 'api_keys'>) => {
      return where.and([
        where('deployment_id', '=', deploymentId),
        ...(access ? [where('access_mode', '=', access)] : []),
        ...likeWords(search).map((pattern) =>
          where.or([like('app_id', pattern), like('note_folded', pattern)]),
        ),
      ])
    }
  }

  return {
    get,

    /**
     * The key for one call: one indexed read, never cached, so that revocation holds at once.
     * Of whichever deployment, active or not: the caller refuses what it must, in equal time.
     */
    async findForCall(appId: string): Promise<KeyForCall | undefined> {
      const query: CompiledQuery = { ...callQuery, parameters: [appId] }
      const [found] = await lookUp(query)
      if (found === undefined) return undefined
      const row = storedCall.parse(found)
      return {
        deploymentId: row.deployment_id,
        plan: row.plan,
        version: row.version,
        secretHash: fromHex(row.secret_hash),
        disabled: row.disabled === 1,
        expiresAt: row.expires_at,
        access: async () => (row.access_mode === 'full' ? { mode: 'full' } : accessOf(appId)),
      }
    },

    /** A page of keys; one more than `limit` tells the caller that there is another page. */
    async list(deploymentId: string, listing: ApiKeyListing): Promise<ApiKeyRecord[]> {
      const { column, direction } = sortOf(listing.sort)
      let query = db.selectFrom('api_keys').selectAll().where(matching(deploymentId, listing))
      const { after } = listing
      if (after) {
        const further = direction === 'asc' ? '>' : '<'
        query = query.where((where) =>
          where(where.refTuple(column, 'app_id'), further, where.tuple(after.value, after.appId)),
        )
      }
      const rows = await query
        .orderBy(column, direction)
        .orderBy('app_id', direction)
        .limit(listing.limit)
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
    async createMany(apiKeys: readonly NewApiKey[]): Promise<void> {
      await inTransaction(db, async (transaction) => {
        for (let at = 0; at < apiKeys.length; at += ROWS_PER_INSERT) {
          const rows = apiKeys.slice(at, at + ROWS_PER_INSERT).map(toRow)
          await transaction.insertInto('api_keys').values(rows).execute()
        }
      })
    },

    /** Changes what is given of a key that still is at this version. */
    async update(
      { deploymentId, appId, version }: { deploymentId: string; appId: string; version: number },
      change: ApiKeyChange,
    ): Promise<ChangeOutcome<ApiKeyRecord>> {
      const { note, access, disabled, expiresAt } = change
      const row = await db
        .updateTable('api_keys')
        .set({
          ...(note !== undefined && { note, note_folded: note.toLowerCase() }),
          ...(access && toColumns(access)),
          ...(disabled !== undefined && { disabled: disabled ? 1 : 0 }),
          ...(expiresAt !== undefined && { expires_at: expiresAt }),
          version: version + 1,
        })
        .where('deployment_id', '=', deploymentId)
        .where('app_id', '=', appId)
        .where('version', '=', version)
        .returningAll()
        .executeTakeFirst()
      return row ? { outcome: 'done', result: toRecord(row) } : why(deploymentId, appId)
    },

    /** Deletes a key, and gives what it was; only at this version where one is given. */
    async remove(
      deploymentId: string,
      appId: string,
      version: number | undefined,
    ): Promise<ChangeOutcome<ApiKeyRecord>> {
      let removal = db
        .deleteFrom('api_keys')
        .where('deployment_id', '=', deploymentId)
        .where('app_id', '=', appId)
      if (version !== undefined) removal = removal.where('version', '=', version)
      const row = await removal.returningAll().executeTakeFirst()
      return row ? { outcome: 'done', result: toRecord(row) } : why(deploymentId, appId)
    },
  }
}

function fromHex(hex: string): Uint8Array {
  const bytes = new Uint8Array(hex.length / 2)
  for (let at = 0; at < bytes.length; at += 1) {
    bytes[at] = 16 * digitOf(hex.charCodeAt(2 * at)) + digitOf(hex.charCodeAt(2 * at + 1))
  }
  return bytes
}

function digitOf(code: number): number {
  return code <= 57 ? code - 48 : code - 87
}
