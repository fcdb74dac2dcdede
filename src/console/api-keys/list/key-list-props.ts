import type { Deployment } from '../../../contract/deployments/schemas.ts'
import type { ApiKeySort } from '../../../contract/keys/api-key-sorts.ts'
import type { KeyCondition } from '../../../contract/keys/key-conditions.ts'
import type { ApiKey } from '../../../contract/keys/schemas.ts'
import type { CatalogView } from '../data/catalog-view.ts'
import type { KeyDialog } from '../data/key-dialog.ts'

/** The props of both forms of the key list: table and cards. */
export type KeyListProps = {
  deployment: Deployment
  catalog: CatalogView | undefined
  keys: readonly ApiKey[]
  /** The number of matching keys, loaded or not. */
  total: number
  /** When they were loaded, in milliseconds since 1970. */
  now: number
  /** Whether keys of this plan have notes and permissions. */
  configurable: boolean
  /** The condition that the keys are filtered by; each then has a button that fixes it. */
  condition: KeyCondition | undefined
  sort: ApiKeySort
  /** App IDs of the expanded keys. */
  open: ReadonlySet<string>
  onSort: (sort: ApiKeySort) => void
  onOpen: (appId: string, open: boolean) => void
  onDialog: (dialog: KeyDialog) => void
}
