import { z } from '@hono/zod-openapi'
import { characters } from './limits.ts'

const PAGE_LIMIT_MAX = 200

export const timestamp = z.iso.datetime({ precision: 3 }).describe('RFC 3339 UTC with milliseconds')

/** Text that something is looked for by: U+0000 is in none that there is, and PostgreSQL has no text with it. */
export const askedText = (max: number) =>
  z
    .string()
    .max(max)
    .refine((text) => !text.includes('\0'), 'Leave out control characters.')

/** A line of text. */
// U+0000 is refused because PostgreSQL can't store it; other controls because no one can see them.
export const visibleText = (max: number) =>
  z
    .string()
    .refine((text) => characters(text) <= max, `Use at most ${max} characters.`)
    .refine((text) => !/\p{Cc}/u.test(text), 'Leave out line breaks and control characters.')

/** How many items a page holds, and where it starts: `nextCursor` of the page before. */
export const pageQuery = {
  limit: z.coerce
    .number(`Use a whole number from 1 to ${PAGE_LIMIT_MAX}.`)
    .refine(
      (limit) => Number.isInteger(limit) && limit >= 1 && limit <= PAGE_LIMIT_MAX,
      `Use a whole number from 1 to ${PAGE_LIMIT_MAX}.`,
    )
    .default(50),
  cursor: askedText(500).optional(),
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
