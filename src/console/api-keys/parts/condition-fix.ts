import type { Permission } from '../../../contract/accounts/roles.ts'
import type { KeyCondition } from '../../../contract/keys/key-conditions.ts'
import type { ApiKey } from '../../../contract/keys/schemas.ts'
import type { KeyDialog } from '../data/key-dialog.ts'

/** A button that fixes a condition; `permission` and `what` say who may press it. */
export type Fix = { label: string; dialog: KeyDialog; permission: Permission; what: string }

/** The button that fixes a condition of this key, if a dialog can fix it. */
export function findFix(
  condition: KeyCondition | undefined,
  apiKey: ApiKey,
  configurable: boolean,
): Fix | undefined {
  if (condition === undefined) return undefined
  const edit: KeyDialog = configurable
    ? { kind: 'form', purpose: { kind: 'edit', apiKey, fixes: condition } }
    : { kind: 'limits', apiKey }
  const manages = { permission: 'apiKeys.manage', what: 'change what API keys may do' } as const
  if (condition === 'unused30' || condition === 'unused90') {
    return {
      label: 'Disable…',
      dialog: { kind: 'disable', apiKey },
      permission: 'apiKeys.pause',
      what: 'disable API keys',
    }
  }
  if (condition === 'neverExpires') return { ...manages, label: 'Set expiry…', dialog: edit }
  if (condition === 'unusedPermissions') return { ...manages, label: 'Trim…', dialog: edit }
  if (condition === 'fullAccess' && configurable && !apiKey.legacy) {
    return { ...manages, label: 'Narrow…', dialog: edit }
  }
  // Every list already has a button that ends an old secret or replaces a legacy key.
  return undefined
}
