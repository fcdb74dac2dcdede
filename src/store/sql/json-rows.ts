import { sql, type RawBuilder } from 'kysely'

/**
 * Rows as one JSON parameter, `sent` in the statement, with {@link jsonText} and
 * {@link jsonInteger} as columns. The statement is the same for any number of rows, and binding one
 * parameter is faster than binding hundreds.
 */
export function jsonRows(rows: readonly object[]): RawBuilder<unknown> {
  // PostgreSQL's json_each takes no arrays.
  return sql`json_each(${JSON.stringify({ ...rows })}) as sent`
}

/** A text column of {@link jsonRows}; null stays null. */
export function jsonText(field: string): RawBuilder<string> {
  return sql`(sent.value ->> ${sql.lit(field)})`
}

/** An integer column of {@link jsonRows}. */
export function jsonInteger(field: string): RawBuilder<number> {
  return sql`cast(sent.value ->> ${sql.lit(field)} as integer)`
}

/** A list of texts as one JSON parameter, for `in`. */
export function jsonList(texts: readonly string[]): RawBuilder<string> {
  return sql`(select ${jsonText('text')} from ${jsonRows(texts.map((text) => ({ text })))})`
}
