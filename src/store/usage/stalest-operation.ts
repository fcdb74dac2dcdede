import { sql, type RawBuilder } from 'kysely'
import type { Access } from '../../contract/access/access.ts'

// `stalest_operation_used_on` of a key is the day of the last use of its stalest operation: the one
// in its list that hasn't been used for longest. Empty if one was never used, null without a list.
// The column finds keys with unused permissions without reading every use of every key.

/** The value for a key that gets this access, from its recorded uses. */
export function stalestUseDay(appId: string, access: Access): RawBuilder<string | null> {
  if (access.mode === 'full') return sql`null`
  const { operations } = access
  return sql`(select case when count(*) = ${sql.lit(operations.length)}
      then substr(min(last_at), 1, 10) else '' end
    from used_operations where app_id = ${appId} and operation in (${sql.join(operations)}))`
}

/** The value for a new key. */
export function initialStalestUse({ mode }: Access): string | null {
  return mode === 'full' ? null : ''
}

// Each engine has its own JSON functions, so the list is read as text. No operation contains a
// quotation mark, so there are two for each.
const listLength = sql`(length(operations) - length(replace(operations, '"', ''))) / 2`

/** The value recomputed from the store; part of a statement on `api_keys`. */
export const recomputedStalestUse = sql`case when access_mode = 'list' then (
    select case when count(*) = ${listLength} then substr(min(last_at), 1, 10) else '' end
    from used_operations where used_operations.app_id = api_keys.app_id
      and replace(operations, '"' || operation || '"', '') <> operations
  ) end`
