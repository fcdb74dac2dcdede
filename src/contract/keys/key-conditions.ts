/** What of a key asks for attention. The table of keys can be filtered by each. */
export const keyConditions = [
  'fullAccess',
  'neverExpires',
  'unused30',
  'unused90',
  'oldSecretInUse',
  'legacy',
  'unusedPermissions',
] as const
export type KeyCondition = (typeof keyConditions)[number]
