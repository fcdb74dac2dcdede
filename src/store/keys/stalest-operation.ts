import { sql, type RawBuilder } from 'kysely'
import type { Access } from '../../contract/access/access.ts'

// `least_used_on` of a key is the day on which that operation of its list was last used which
// wasn't used for longest: empty where one never was, null where there is no list. By it, keys
// with permissions that they don't use are found without a look at every use of every key.

/** What it is of a key that gets this access, by the uses there are of it. */
export function leastUsedOn(appId: string, access: Access): RawBuilder<string | null> {
  if (access.mode === 'full') return sql`null`
  const { operations } = access
  return sql`(select case when count(*) = ${sql.lit(operations.length)}
      then substr(min(last_at), 1, 10) else '' end
    from used_operations where app_id = ${appId} and operation in (${sql.join(operations)}))`
}

/** Of a new key. */
export function leastUsedAtFirst({ mode }: Access): string | null {
  return mode === 'full' ? null : ''
}

// The list is JSON, which each engine reads by functions of its own. An operation of the
// catalog has no quotation mark, so two of them stand for each, and none is part of another.
const listLength = sql`(length(operations) - length(replace(operations, '"', ''))) / 2`

/** What it is of a key as it is stored, looked at anew; part of a statement about `api_keys`. */
export const leastUsedAgain = sql`case when access_mode = 'list' then (
    select case when count(*) = ${listLength} then substr(min(last_at), 1, 10) else '' end
    from used_operations where used_operations.app_id = api_keys.app_id
      and replace(operations, '"' || operation || '"', '') <> operations
  ) end`
