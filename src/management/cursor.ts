import { z } from 'zod'
import type { ApiKeySort } from '../contract/api-key-sorts.ts'
import { fromBase64, toBase64 } from '../contract/bytes.ts'
import { Problem } from '../contract/problem.ts'
import type { ApiKeyPosition, ApiKeyRecord } from '../store/api-keys.ts'

const payload = z.tuple([z.string(), z.string(), z.string()])

/** A cursor that goes on after this key, in this order. */
export function cursorAfter(sort: ApiKeySort, apiKey: ApiKeyRecord): string {
  const json = JSON.stringify([sort, sortValue(sort, apiKey), apiKey.appId])
  return toBase64(new TextEncoder().encode(json))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}

function sortValue(sort: ApiKeySort, apiKey: ApiKeyRecord): string {
  if (sort.endsWith('note')) return apiKey.note.toLowerCase()
  return sort.endsWith('appId') ? apiKey.appId : (apiKey.createdAt ?? '')
}

/** The position a cursor stands for; throws a 400 for one that this order didn't give out. */
export function positionOf(sort: ApiKeySort, cursor: string): ApiKeyPosition {
  const position = decode(cursor)
  if (position?.sort === sort) return { value: position.value, appId: position.appId }
  const detail = 'Use the nextCursor of a list with the same sort, or leave the cursor out.'
  throw new Problem(400, 'The cursor does not belong to this list.', [{ field: 'cursor', detail }])
}

function decode(cursor: string) {
  try {
    const bytes = fromBase64(cursor.replaceAll('-', '+').replaceAll('_', '/'))
    const json: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    const [sort, value, appId] = payload.parse(json)
    return { sort, value, appId }
  } catch {
    return undefined
  }
}
