import type { Permission } from '../../../contract/accounts/roles.ts'
import type { KeyCondition } from '../../../contract/keys/key-conditions.ts'
import type { ApiKey } from '../../../contract/schemas.ts'
import type { Flow } from '../data/key-dialog.ts'

export type Fix = { label: string; flow: Flow; permission: Permission; what: string }

/** What mends a condition of one key, where that starts in a dialog of its own. */
export function fixOf(
  condition: KeyCondition | undefined,
  apiKey: ApiKey,
  configurable: boolean,
): Fix | undefined {
  if (condition === undefined) return undefined
  const edit: Flow = configurable
    ? { step: 'form', purpose: { kind: 'edit', apiKey, mends: condition } }
    : { step: 'limits', apiKey }
  const manages = { permission: 'apiKeys.manage', what: 'change what API keys may do' } as const
  if (condition === 'unused30' || condition === 'unused90') {
    return {
      label: 'Disable…',
      flow: { step: 'disable', apiKey },
      permission: 'apiKeys.pause',
      what: 'disable API keys',
    }
  }
  if (condition === 'neverExpires') return { ...manages, label: 'Set expiry…', flow: edit }
  if (condition === 'unusedPermissions') return { ...manages, label: 'Trim…', flow: edit }
  if (condition === 'fullAccess' && configurable && !apiKey.legacy) {
    return { ...manages, label: 'Narrow…', flow: edit }
  }
  // Old secrets have their end and legacy keys their replacement in every list.
  return undefined
}
