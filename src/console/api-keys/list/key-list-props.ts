import type { ApiKeySort } from '../../../contract/keys/api-key-sorts.ts'
import type { KeyCondition } from '../../../contract/keys/key-conditions.ts'
import type { ApiKey, Deployment } from '../../../contract/schemas.ts'
import type { CatalogView } from '../data/catalog-view.ts'
import type { KeyDialog } from '../data/key-dialog.ts'

/** What both forms of the key list, table and cards, are drawn from. */
export type KeyListProps = {
  deployment: Deployment
  catalog: CatalogView | undefined
  keys: readonly ApiKey[]
  /** How many match, loaded or not. */
  total: number
  /** When they were loaded, as milliseconds since 1970. */
  now: number
  /** Whether keys of this plan have notes and permissions. */
  configurable: boolean
  /** What the keys are filtered by; each then has what fixes it at hand. */
  condition: KeyCondition | undefined
  sort: ApiKeySort
  /** App IDs of the expanded keys. */
  open: ReadonlySet<string>
  onSort: (sort: ApiKeySort) => void
  onOpen: (appId: string, open: boolean) => void
  onDialog: (dialog: KeyDialog) => void
}
