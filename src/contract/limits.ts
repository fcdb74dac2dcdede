// Apart from the schemas, which go by them, so that the console's first load can have them.

/** Longest note of a key, in {@link characters}. */
export const NOTE_MAX = 200
/** Longest name of a deployment, in {@link characters}. */
export const DEPLOYMENT_NAME_MAX = 60
/** Longest search over a deployment's keys, in UTF-16 units. */
export const API_KEY_SEARCH_MAX = 200

/** The length of a text in characters as people count them (code points). */
export function characters(text: string): number {
  return [...text].length
}
