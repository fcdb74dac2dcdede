import type {
  ActivityFilter,
  ActivityPage,
  ActivityQuery,
} from '../../contract/activity/schemas.ts'
import { formatActivityCursor, parseActivityCursor } from '../http/cursor.ts'
import type { ManagementPorts } from '../ports.ts'
import { formatCsvLine, csvHeading } from './activity-csv.ts'

const EXPORT_PAGE = 500

/** A page of the audit log by cursor pagination, the newest entries first. */
export async function listActivity(
  { store }: ManagementPorts,
  { limit, cursor, ...filter }: ActivityQuery,
): Promise<ActivityPage> {
  const after = cursor === undefined ? undefined : parseActivityCursor(cursor)
  const entries = await store.activity.list({ ...filter, limit: limit + 1, after })
  const items = entries.slice(0, limit)
  const last = items.at(-1)
  const more = entries.length > limit && last
  return { items, nextCursor: more ? formatActivityCursor(last) : null }
}

/**
 * Every matching entry as CSV. Backpressure: the next page is read from the store once the
 * previous one has been sent.
 */
export function exportActivity(
  { store, onError }: Pick<ManagementPorts, 'store' | 'onError'>,
  filter: ActivityFilter,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  let after: { at: string; id: string } | undefined
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        controller.enqueue(encoder.encode(csvHeading))
      },
      async pull(controller) {
        try {
          const entries = await store.activity.list({ ...filter, limit: EXPORT_PAGE, after })
          if (entries.length > 0)
            controller.enqueue(encoder.encode(entries.map(formatCsvLine).join('')))
          if (entries.length < EXPORT_PAGE) controller.close()
          after = entries.at(-1)
        } catch (error) {
          onError(error)
          controller.error(error)
        }
      },
    },
    { highWaterMark: 1 },
  )
}
