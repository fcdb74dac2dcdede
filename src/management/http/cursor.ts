import { z } from 'zod'
import { fromBase64, toBase64 } from '../../contract/bytes.ts'
import { Problem } from '../../contract/http/problem.ts'
import { lookupText } from '../../contract/http/schema-parts.ts'
import type { ApiKeySort } from '../../contract/keys/api-key-sorts.ts'
import type { ActivityPosition } from '../../store/activity.ts'
import type { ApiKeyRecord } from '../../store/keys/api-key-records.ts'
import type { ApiKeyPosition } from '../../store/keys/api-keys.ts'

// Cursor pagination: the list that the cursor belongs to, and its last item by sort value and id.
const payload = z.tuple([z.string(), lookupText(1000), lookupText(500)])
const ACTIVITY = 'activity'

/** The cursor of the page after this key, in this order. */
export function formatKeyCursor(sort: ApiKeySort, apiKey: ApiKeyRecord): string {
  return encode([sort, sortValue(sort, apiKey), apiKey.appId])
}

/** The cursor of the page after this audit log entry. */
export function formatActivityCursor({ at, id }: ActivityPosition): string {
  return encode([ACTIVITY, at, id])
}

/** The position in the audit log that a cursor names. Throws a 400 for a cursor of another list. */
export function parseActivityCursor(cursor: string): ActivityPosition {
  const position = decode(cursor)
  if (position?.list === ACTIVITY) return { at: position.value, id: position.id }
  throw foreignCursor('Use the nextCursor of a list of Activity, or leave the cursor out.')
}

function encode(position: z.infer<typeof payload>): string {
  return toBase64(new TextEncoder().encode(JSON.stringify(position)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}

function sortValue(sort: ApiKeySort, apiKey: ApiKeyRecord): string {
  if (sort.endsWith('note')) return apiKey.note.toLowerCase()
  return sort.endsWith('appId') ? apiKey.appId : (apiKey.createdAt ?? '')
}

/** The position among keys that a cursor names. Throws a 400 for a cursor of another order. */
export function parseKeyCursor(sort: ApiKeySort, cursor: string): ApiKeyPosition {
  const position = decode(cursor)
  if (position?.list === sort) return { value: position.value, appId: position.id }
  throw foreignCursor('Use the nextCursor of a list with the same sort, or leave the cursor out.')
}

function foreignCursor(detail: string): Problem {
  return new Problem(400, 'The cursor does not belong to this list.', [{ field: 'cursor', detail }])
}

function decode(cursor: string) {
  try {
    const bytes = fromBase64(cursor.replaceAll('-', '+').replaceAll('_', '/'))
    const json: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    const [list, value, id] = payload.parse(json)
    return { list, value, id }
  } catch {
    return undefined
  }
}
