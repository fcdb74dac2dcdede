import { Lock } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Deployment } from '../../../contract/deployments/schemas.ts'
import type { ApiKey } from '../../../contract/keys/schemas.ts'
import type { CatalogView } from '../data/catalog-view.ts'
import { AccessView } from '../parts/access-view.tsx'

/** Replaces the picker for roles that may see a key's access, but not change it. */
export function LockedAccess({
  deployment,
  catalog,
  apiKey,
  children,
}: {
  deployment: Deployment
  catalog: CatalogView
  apiKey: ApiKey
  /** Why it can't be changed. */
  children: ReactNode
}) {
  return (
    <div className="mt-2 flex min-h-0 flex-1 flex-col rounded-sm border border-line bg-sunken">
      <p className="flex items-start gap-2 border-b border-line-soft px-4 py-2 text-muted">
        <Lock className="mt-0.5 size-4" />
        {children}
      </p>
      {/* Focusable, so that it can be scrolled by keyboard. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div tabIndex={0} className="min-h-0 flex-1 overflow-y-auto rounded-sm px-4 py-3">
        <AccessView deployment={deployment} apiKey={apiKey} catalog={catalog} />
      </div>
    </div>
  )
}
