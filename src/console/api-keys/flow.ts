import type { ApiKey } from '../../contract/schemas.ts'

/** What the New / Edit dialog is for. */
export type FormPurpose =
  | { kind: 'new' }
  | { kind: 'duplicate'; of: ApiKey }
  | { kind: 'replace'; old: ApiKey }
  | { kind: 'edit'; apiKey: ApiKey }

/**
 * Where the work on a deployment's keys is. One value, so that two dialogs at once can't be;
 * the App Secret exists in `created` alone and is gone with it.
 */
export type Flow =
  | { step: 'closed' }
  | { step: 'form'; purpose: FormPurpose }
  | { step: 'created'; apiKey: ApiKey; appSecret: string; replaces?: ApiKey }
  | { step: 'disable'; apiKey: ApiKey }
  | { step: 'delete'; apiKey: ApiKey; replacedBy?: string }

export const closed: Flow = { step: 'closed' }

/** What comes after the created dialog: the key that was replaced is offered for deletion. */
export function afterCreated({ apiKey, replaces }: Extract<Flow, { step: 'created' }>): Flow {
  return replaces ? { step: 'delete', apiKey: replaces, replacedBy: apiKey.appId } : closed
}
