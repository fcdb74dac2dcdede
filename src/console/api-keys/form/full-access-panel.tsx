import { ShieldAlert } from 'lucide-react'
import type { CatalogView } from '../data/catalog-view.ts'

/** Replaces the picker while full access is chosen. */
export function FullAccessPanel({
  catalog,
  deploymentName,
  kept,
}: {
  catalog: CatalogView
  deploymentName: string
  /** The number of endpoints that stay ticked meanwhile. */
  kept: number
}) {
  const total = catalog.operations.length
  const risky = catalog.operations.filter(({ risk }) => risk !== undefined).length
  return (
    <div className="mt-2 flex flex-1 flex-col items-center justify-center rounded-sm border border-line bg-sunken px-6 py-10 text-center">
      <span className="grid size-10 place-items-center rounded-md bg-warn-soft text-warn-ink">
        <ShieldAlert className="size-5" />
      </span>
      <p className="mt-3 font-semibold text-warn-ink">This key will be able to do everything</p>
      <p className="mt-1 max-w-md text-pretty text-ink">
        It may call all {total} endpoints of {deploymentName}, and every one that is added later.{' '}
        {risky > 0 && `${risky} of them can undo other limits. `}
        Choose endpoints instead if you know what the key is for.
      </p>
      {kept > 0 && (
        <p className="mt-3 text-sm text-muted">
          {kept === 1
            ? 'The endpoint you ticked stays ticked if you change back.'
            : `The ${kept} endpoints you ticked stay ticked if you change back.`}
        </p>
      )}
    </div>
  )
}
