const lists = new Intl.ListFormat('en-GB')

/** "clients, users and rules". */
export function formatList(words: readonly string[]): string {
  return lists.format(words)
}
