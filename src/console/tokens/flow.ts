import type { AutomationToken } from '../../contract/accounts/schemas.ts'

/** Where the work on tokens is; a secret exists in `created` alone and is gone with it. */
export type Flow =
  | { step: 'closed' }
  | { step: 'form' }
  | { step: 'created'; token: AutomationToken; secret: string }
  | { step: 'delete'; token: AutomationToken }

export const closed: Flow = { step: 'closed' }
