// The limits that the schemas enforce. In a file without zod, for the console's first load.

/** Longest note of a key, in {@link characters}. */
export const NOTE_MAX = 200
/** Longest name of a deployment, in {@link characters}. */
export const DEPLOYMENT_NAME_MAX = 60
/** Longest search over a deployment's keys, in UTF-16 units. */
export const API_KEY_SEARCH_MAX = 200
/** Longest user name, in ASCII characters. */
export const USERNAME_MAX = 64
/** Shortest and longest password, in UTF-16 units (OWASP ASVS 5.0, 6.2.1 and 6.2.9). */
export const PASSWORD_MIN = 12
export const PASSWORD_MAX = 128
/** Longest name of an automation token, in {@link characters}. */
export const TOKEN_NAME_MAX = 60

/** The most allowed addresses of a key. */
export const ADDRESSES_MAX = 50
/** The grace periods in seconds for the old secret of a rotated key. */
export const oldSecretGraces = [0, 3600, 86_400, 604_800] as const

/** The length of a text in code points, as people count characters. */
export function characters(text: string): number {
  return [...text].length
}
