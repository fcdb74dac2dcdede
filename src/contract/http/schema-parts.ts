import { z } from '@hono/zod-openapi'
import { characters } from './limits.ts'

const PAGE_LIMIT_MAX = 200

/** A time in the API. */
export const timestamp = z.iso.datetime({ precision: 3 }).describe('RFC 3339 UTC with milliseconds')

/** Text to look something up by. Without U+0000, which PostgreSQL can't compare with. */
export const lookupText = (max: number) =>
  z
    .string()
    .max(max)
    .refine((text) => !text.includes('\0'), 'Leave out control characters.')

/**
 * A line of text, at most so many code points. Without control characters: PostgreSQL can't store
 * U+0000, and the others are invisible.
 */
export const singleLineText = (max: number) =>
  z
    .string()
    .refine((text) => characters(text) <= max, `Use at most ${max} characters.`)
    .refine((text) => !/\p{Cc}/u.test(text), 'Leave out line breaks and control characters.')

/** Cursor pagination: the size of a page, and where it starts (`nextCursor` of the one before). */
export const pageQuery = {
  limit: z.coerce
    .number(`Use a whole number from 1 to ${PAGE_LIMIT_MAX}.`)
    .refine(
      (limit) => Number.isInteger(limit) && limit >= 1 && limit <= PAGE_LIMIT_MAX,
      `Use a whole number from 1 to ${PAGE_LIMIT_MAX}.`,
    )
    .default(50),
  cursor: lookupText(500).optional(),
}

/** Problem details, the body of every error (RFC 9457). */
export const problemSchema = z
  .strictObject({
    type: z.literal('about:blank'),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    errors: z.array(z.strictObject({ field: z.string(), detail: z.string() })).optional(),
  })
  .openapi('Problem')
