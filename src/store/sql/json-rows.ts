import { sql, type RawBuilder } from 'kysely'

/**
 * Rows as one parameter, named `sent` in the statement; {@link sentText} and {@link sentInteger}
 * are its columns. So the statement is the same for any number of rows: it is built and parsed
 * for few of them in the time it takes for hundreds of parameters.
 */
export function sentRows(rows: readonly object[]): RawBuilder<unknown> {
  // Both engines take objects in `json_each`, and SQLite alone takes arrays.
  return sql`json_each(${JSON.stringify({ ...rows })}) as sent`
}

/** A text of each row that was sent, null where it is null. */
export function sentText(field: string): RawBuilder<string> {
  return sql`(sent.value ->> ${sql.lit(field)})`
}

/** A whole number of each row that was sent. */
export function sentInteger(field: string): RawBuilder<number> {
  return sql`cast(sent.value ->> ${sql.lit(field)} as integer)`
}

/** The texts of a list, for `in`. */
export function sentList(texts: readonly string[]): RawBuilder<string> {
  return sql`(select ${sentText('text')} from ${sentRows(texts.map((text) => ({ text })))})`
}
