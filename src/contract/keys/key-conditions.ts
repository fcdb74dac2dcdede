/** The conditions of a key that need attention. The key list can be filtered by each. */
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
