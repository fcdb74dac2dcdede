import type { OperationId } from '../../../contract/catalog/operation.ts'
import type { KeyCondition } from '../../../contract/keys/key-conditions.ts'
import type { ApiKey } from '../../../contract/keys/schemas.ts'

/** What the New / Edit dialog was opened for. */
export type FormPurpose =
  | { kind: 'new' }
  | { kind: 'duplicate'; apiKey: ApiKey }
  | { kind: 'replace'; apiKey: ApiKey }
  /**
   * `preset` is ticked on top of what the key may call, and saved only by Confirm. With `fixes`,
   * the dialog starts at the field that fixes this condition.
   */
  | { kind: 'edit'; apiKey: ApiKey; preset?: readonly OperationId[]; fixes?: KeyCondition }

/**
 * The dialog that is open over a deployment's keys. One value, so that only one can be open. An
 * App Secret exists only in `created` and `rotated`, and is gone once they close.
 */
export type KeyDialog =
  | { kind: 'closed' }
  | { kind: 'form'; purpose: FormPurpose }
  /** Expiry and addresses only, for plans whose keys have no note and no permissions. */
  | { kind: 'limits'; apiKey: ApiKey }
  | { kind: 'created'; apiKey: ApiKey; appSecret: string; replaces?: ApiKey }
  | { kind: 'rotate'; apiKey: ApiKey }
  | { kind: 'rotated'; apiKey: ApiKey; appSecret: string }
  | { kind: 'endOldSecret'; apiKey: ApiKey }
  | { kind: 'disable'; apiKey: ApiKey }
  | { kind: 'delete'; apiKey: ApiKey; replacedBy?: string }

export const noDialog: KeyDialog = { kind: 'closed' }

/** The dialog after the created one: it offers to delete the key that was replaced. */
export function dialogAfterCreated({
  apiKey,
  replaces,
}: Extract<KeyDialog, { kind: 'created' }>): KeyDialog {
  return replaces ? { kind: 'delete', apiKey: replaces, replacedBy: apiKey.appId } : noDialog
}
