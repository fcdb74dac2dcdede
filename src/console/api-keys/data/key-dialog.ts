import type { OperationId } from '../../../contract/catalog/operation.ts'
import type { KeyCondition } from '../../../contract/keys/key-conditions.ts'
import type { ApiKey } from '../../../contract/schemas.ts'

/** What the New / Edit dialog is for. */
export type FormPurpose =
  | { kind: 'new' }
  | { kind: 'duplicate'; of: ApiKey }
  | { kind: 'replace'; old: ApiKey }
  /**
   * `preset` is ticked on top of what the key may call; nothing is saved by it. Opened to mend a
   * condition, the dialog leads to what that takes.
   */
  | { kind: 'edit'; apiKey: ApiKey; preset?: readonly OperationId[]; mends?: KeyCondition }

/**
 * Where the work on a deployment's keys is. One value, so that two dialogs at once can't be;
 * an App Secret exists in `created` and `rotated` alone and is gone with them.
 */
export type Flow =
  | { step: 'closed' }
  | { step: 'form'; purpose: FormPurpose }
  /** Expiry and addresses alone, for keys that take no note and no permissions. */
  | { step: 'limits'; apiKey: ApiKey }
  | { step: 'created'; apiKey: ApiKey; appSecret: string; replaces?: ApiKey }
  | { step: 'rotate'; apiKey: ApiKey }
  | { step: 'rotated'; apiKey: ApiKey; appSecret: string }
  | { step: 'endOldSecret'; apiKey: ApiKey }
  | { step: 'disable'; apiKey: ApiKey }
  | { step: 'delete'; apiKey: ApiKey; replacedBy?: string }

export const closed: Flow = { step: 'closed' }

/** What comes after the created dialog: the key that was replaced is offered for deletion. */
export function afterCreated({ apiKey, replaces }: Extract<Flow, { step: 'created' }>): Flow {
  return replaces ? { step: 'delete', apiKey: replaces, replacedBy: apiKey.appId } : closed
}
