import type { Permission } from '../../../contract/accounts/roles.ts'
import type { KeyCondition } from '../../../contract/keys/key-conditions.ts'
import type { ApiKey } from '../../../contract/schemas.ts'
import type { KeyDialog } from '../data/key-dialog.ts'

export type Fix = { label: string; dialog: KeyDialog; permission: Permission; what: string }

/** What fixes a condition of one key, where that starts in a dialog of its own. */
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
  // Old secrets have their end and legacy keys their replacement in every list.
  return undefined
}
