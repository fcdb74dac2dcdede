import { sql, type Expression } from 'kysely'

/** LIKE patterns of a search, one per word, for columns in lower case. */
export function likeWords(search: string | undefined): string[] {
  const words = (search ?? '').toLowerCase().split(/\s+/).filter(Boolean)
  return words.map((word) => `%${word.replaceAll(/[\\%_]/g, '\\$&')}%`)
}

/** Whether a column matches a pattern of {@link likeWords}. */
export function like(column: string, pattern: string): Expression<boolean> {
  return sql<boolean>`${sql.ref(column)} like ${pattern} escape '\\'`
}
