import { sql, type Insertable, type Selectable } from 'kysely'
import { z } from 'zod'
import type { Access, Grants } from '../../contract/access/access.ts'
import { toHex } from '../../contract/bytes.ts'
import type { OperationId } from '../../contract/catalog/operation.ts'
import { operationIdSchema } from '../../contract/catalog/schemas.ts'
import { plans, versions, type Edition } from '../../contract/deployments/plans.ts'
import { createAddressFilter, type AddressFilter } from '../../contract/network/ip-addresses.ts'
import type { Database } from '../schema.ts'
import { initialStalestUse } from '../usage/stalest-operation.ts'

/** A key as it is stored, without what its secrets are checked by. */
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
  /** Addresses and CIDR blocks it may be used from; none for anywhere. */
  allowedAddresses: readonly string[]
  /** Of allowed calls; null for none since uses are recorded. */
  lastUse: { at: string; operation: OperationId; address: string | null } | null
  /** Null for a key that may have been used before uses were recorded, and wasn't since. */
  useRecordedSince: string | null
  /** The secret from before the last rotation, whether it is still good or not. */
  oldSecret: { endsAt: string; lastUsedAt: string | null } | null
  version: number
}

export type NewApiKey = Pick<
  ApiKeyRecord,
  'appId' | 'deploymentId' | 'note' | 'access' | 'legacy' | 'createdAt'
> & {
  disabled?: boolean
  expiresAt?: string | null
  allowedAddresses?: readonly string[]
  /** SHA-256 of the App Secret; the secret itself never gets here. */
  secretHash: Uint8Array
}

/** A key that was used before it was added here, as samples are. */
export type UsedApiKey = NewApiKey & { lastUse?: ApiKeyRecord['lastUse'] | undefined }

/** What is to change of a key; what is left out stays. */
export type ApiKeyChange = {
  note?: string | undefined
  access?: Access | undefined
  disabled?: boolean | undefined
  expiresAt?: string | null | undefined
  allowedAddresses?: readonly string[] | undefined
}

/** What a key may do, and from where. */
export type KeyRights = { access: Grants; allowedAddresses: AddressFilter }

/** Credentials as a call shows them. */
export type ShownCredentials = {
  appId: string
  /** SHA-256 of the App Secret in hex. */
  secretHash: string
  /** The deployment that is called; null where it doesn't matter. */
  deploymentId: string | null
  /** When, in milliseconds since 1970. */
  time: number
}

/** What the gateway needs to know of a key to decide a call. */
export type KeyForCall = Edition & {
  deploymentId: string
  /** Tells it from one that had its id before; nothing of a backend changes without it. */
  deploymentCreatedAt: string
  /** SHA-256 of the App Secret in hex, as are those of secrets below. */
  secretHash: string
  /**
   * The secret from before the last rotation, and from when on it isn't good. Of a key that was
   * never rotated it is one that nobody has and that ended.
   */
  oldSecret: { hash: string; endsAt: number }
  disabled: boolean
  /**
   * From when on the key is refused; far away where it never is. As all times here in milliseconds
   * since 1970, and NaN, before which nothing is, where it is stored in another form than is read.
   */
  expiresAt: number
  /**
   * What it may do; null with credentials that are no good. A long list takes longer to read,
   * which must not show before.
   */
  rights: KeyRights | null
}

const storedOperations = z.array(operationIdSchema)
const storedAddresses = z.array(z.string())

const NEVER = '9999-12-31T23:59:59.999Z'
// Nothing is known to hash to this, and it ended long ago.
const NO_OLD_SECRET = { hash: '0'.repeat(64), endsAt: '1970-01-01T00:00:00.000Z' }

// Neither JSON nor the name of an operation nor an address holds one.
const SEPARATOR = '\n'

const separator = sql.lit(SEPARATOR)
const never = sql.lit(NEVER)

// A key that was never rotated, or never expires, has something there in any case: it must not be
// read sooner.
//
// Whether the credentials are good is for the caller to find out, in constant time. That hashes
// are compared here as well, and not so, gives away at most what one begins with, from which no
// secret can be found. Not by `and`, after which an engine leaves out what follows a condition
// that failed.
/**
 * What {@link toKeyForCall} reads of a key and its deployment, beside credentials as they are
 * `shown`. Times are RFC 3339 texts.
 */
export const callColumns = sql`
  api_keys.deployment_id,
  deployments.created_at as deployment_created_at,
  deployments.plan,
  deployments.version,
  api_keys.secret_hash,
  coalesce(old_secret_hash, ${sql.lit(NO_OLD_SECRET.hash)}) as old_secret_hash,
  coalesce(old_secret_ends_at, ${sql.lit(NO_OLD_SECRET.endsAt)}) as old_secret_ends_at,
  disabled,
  coalesce(expires_at, ${never}) as expires_at,
  case when
    case when api_keys.deployment_id = coalesce(shown.deployment_id, api_keys.deployment_id)
      then 1 else 0 end
    * (case when api_keys.secret_hash = shown.secret_hash then 1 else 0 end
      + case when old_secret_hash = shown.secret_hash then 1 else 0 end
      * case when old_secret_ends_at > shown.time then 1 else 0 end)
    * (1 - disabled)
    * case when coalesce(expires_at, ${never}) > shown.time then 1 else 0 end
    > 0 then access_mode || ${separator} || coalesce(allowed_addresses, '')
      || ${separator} || coalesce(operations, '') end as rights`

/** @param row the columns of {@link callColumns} in their order, after the place of the key */
export function toKeyForCall(row: readonly unknown[]): KeyForCall {
  const rights = textOrNull(row[10])
  return {
    deploymentId: text(row[1]),
    deploymentCreatedAt: text(row[2]),
    plan: plans.find((plan) => plan === row[3]) ?? fail(),
    version: versions.find((version) => version === row[4]) ?? fail(),
    secretHash: text(row[5]),
    oldSecret: { hash: text(row[6]), endsAt: Date.parse(text(row[7])) },
    disabled: row[8] !== 0,
    expiresAt: Date.parse(text(row[9])),
    rights: rights === null ? null : toRights(rights),
  }
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : fail()
}

function textOrNull(value: unknown): string | null {
  return value === null ? null : text(value)
}

function fail(): never {
  throw new Error('a key is stored in another form than is read')
}

function toRights(stored: string): KeyRights {
  const [mode, addresses = '', operations = ''] = stored.split(SEPARATOR)
  return {
    access: mode === 'full' ? { mode } : { mode: 'list', operations: storedList(operations) },
    allowedAddresses: createAddressFilter(toAddresses(addresses === '' ? null : addresses)),
  }
}

/**
 * A list of operations as it is stored, JSON without spaces. To read all of it would take longer
 * than the rest of a call; an operation of the catalog has no quotation mark, so none is part of
 * another.
 */
function storedList(json: string) {
  if (json === '') throw new Error(NO_OPERATIONS)
  return { includes: (operation: OperationId) => json.includes(`"${operation}"`) }
}

const NO_OPERATIONS = 'a key with a list of operations has none stored'

/** A key's last use, as {@link toRecord} reads it, beside the columns of `api_keys`. */
export const lastUseColumn = sql<string | null>`(
    select last_at || ${separator} || operation || ${separator} || coalesce(last_address, '')
    from used_operations where used_operations.app_id = api_keys.app_id
    order by last_at desc, operation limit 1
  )`.as('last_use')

type ApiKeyRow = Selectable<Database['api_keys']> & { last_use: string | null }

export function toRecord(row: ApiKeyRow): ApiKeyRecord {
  const { old_secret_ends_at: endsAt } = row
  return {
    appId: row.app_id,
    deploymentId: row.deployment_id,
    note: row.note,
    access: toAccess(row.access_mode, row.operations),
    legacy: row.legacy === 1,
    createdAt: row.created_at === '' ? null : row.created_at,
    disabled: row.disabled === 1,
    expiresAt: row.expires_at,
    allowedAddresses: toAddresses(row.allowed_addresses),
    lastUse: row.last_use === null ? null : toLastUse(row.last_use),
    useRecordedSince: row.use_recorded_since,
    oldSecret: endsAt === null ? null : { endsAt, lastUsedAt: row.old_secret_last_used_at },
    version: row.version,
  }
}

function toLastUse(stored: string): ApiKeyRecord['lastUse'] {
  const [at = '', operation, address = ''] = stored.split(SEPARATOR)
  return {
    at,
    operation: operationIdSchema.parse(operation),
    address: address === '' ? null : address,
  }
}

export function toRow(apiKey: NewApiKey): Insertable<Database['api_keys']> {
  return {
    app_id: apiKey.appId,
    deployment_id: apiKey.deploymentId,
    note: apiKey.note,
    note_folded: apiKey.note.toLowerCase(),
    ...accessColumns(apiKey.access),
    secret_hash: toHex(apiKey.secretHash),
    legacy: apiKey.legacy ? 1 : 0,
    created_at: apiKey.createdAt ?? '',
    disabled: apiKey.disabled ? 1 : 0,
    expires_at: apiKey.expiresAt ?? null,
    // A legacy key was there before Latchkey could see its calls.
    use_recorded_since: apiKey.legacy ? null : apiKey.createdAt,
    allowed_addresses: addressColumn(apiKey.allowedAddresses ?? []),
    stalest_operation_used_on: initialStalestUse(apiKey.access),
    version: 1,
  }
}

export function accessColumns(access: Access) {
  return {
    access_mode: access.mode,
    operations: access.mode === 'list' ? JSON.stringify(access.operations) : null,
  }
}

export function addressColumn(addresses: readonly string[]): string | null {
  return addresses.length === 0 ? null : JSON.stringify(addresses)
}

function toAccess(mode: 'full' | 'list', operations: string | null): Access {
  if (mode === 'full') return { mode: 'full' }
  if (operations === null) throw new Error(NO_OPERATIONS)
  return { mode: 'list', operations: storedOperations.parse(JSON.parse(operations)) }
}

function toAddresses(stored: string | null): string[] {
  return stored === null ? [] : storedAddresses.parse(JSON.parse(stored))
}
