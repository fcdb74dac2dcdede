import { TriangleAlert } from 'lucide-react'
import { memo, useId, useState } from 'react'
import type { OperationId } from '../../../contract/catalog/operation.ts'
import { MethodBadge } from '../../ui/feedback/badge.tsx'
import { Checkbox } from '../../ui/fields/checkbox.tsx'
import type { CatalogOperation } from '../data/catalog-view.ts'
import { HighlightedPath, HighlightedText } from '../parts/highlight.tsx'

type OperationRowProps = RowContentProps & { hidden: boolean }

type RowContentProps = {
  operation: CatalogOperation
  checked: boolean
  /** Shown at the row, unless its category says it for all. */
  notOffered: string | undefined
  /** When this key last used it, if that is recorded. */
  usageText: string | undefined
  /** The id of the category's text, if that says it for all rows. */
  describedBy: string | undefined
  /** Whether its risk note starts open. */
  showsRisk: boolean
  onToggle: (id: OperationId) => void
}

/** One operation with its check box. Memoised, since there are hundreds. */
export const OperationRow = memo(function OperationRow({ hidden, ...content }: OperationRowProps) {
  return (
    <li
      hidden={hidden}
      // content-visibility skips layout and paint of rows outside the viewport: hundreds are shown
      // again at once when a filter goes. Each has rendered once before, so that the browser knows
      // its exact height and nothing moves while scrolling.
      className="grid [contain-intrinsic-height:auto_2rem] in-data-drawn:[content-visibility:auto] grid-cols-[minmax(0,1fr)] border-t border-line-soft hover:bg-hover sm:grid-cols-[minmax(0,1fr)_auto_auto]"
    >
      <RowContent {...content} />
    </li>
  )
})

const RowContent = memo(function RowContent({
  operation,
  checked,
  notOffered,
  usageText,
  describedBy,
  showsRisk,
  onToggle,
}: RowContentProps) {
  const id = useId()
  const { method, path, category, summary, risk } = operation
  const described = [
    `${id}-summary`,
    notOffered === undefined ? describedBy : `${id}-availability`,
    usageText !== undefined && `${id}-usage`,
    risk !== undefined && `${id}-risk`,
  ]
  return (
    <>
      <label className="flex min-h-8 cursor-pointer items-start gap-2.5 py-1.5 pr-3 pl-3 sm:pl-9 [&>.method]:mt-0.5">
        <Checkbox
          className="mt-0.5"
          checked={checked}
          onChange={() => onToggle(operation.id)}
          aria-label={`${operation.id}, ${category}`}
          aria-describedby={described.filter(Boolean).join(' ')}
        />
        <MethodBadge method={method} />
        <span className="flex min-w-0 flex-wrap gap-x-2.5">
          <span className="min-w-0 font-mono text-sm/5 wrap-anywhere">
            <HighlightedPath path={path} />
          </span>
          <span id={`${id}-summary`} className="min-w-0 text-muted">
            <HighlightedText text={summary} />
          </span>
          {notOffered !== undefined && (
            <span id={`${id}-availability`} className="text-sm/5 text-muted">
              {notOffered}
            </span>
          )}
        </span>
      </label>
      {usageText !== undefined && (
        <span
          id={`${id}-usage`}
          className="-mt-1 pb-1.5 pl-[5.875rem] text-sm/5 whitespace-nowrap text-muted sm:mt-0 sm:py-1.5 sm:pr-3 sm:pl-0"
        >
          {usageText}
        </span>
      )}
      {risk !== undefined && (
        <RiskNote key={String(showsRisk)} id={`${id}-risk`} risk={risk} startsOpen={showsRisk} />
      )}
    </>
  )
})

const riskIcon = <TriangleAlert className="size-3.5" />

/** The label of a risky operation; pressing it shows its risk below the row. */
function RiskNote({ id, risk, startsOpen }: { id: string; risk: string; startsOpen: boolean }) {
  const [isOpen, setIsOpen] = useState(startsOpen)
  return (
    <>
      <button
        type="button"
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setIsOpen(!isOpen)}
        className="mb-1.5 ml-[5.5rem] inline-flex h-6 items-center gap-1.5 justify-self-start rounded-xs px-1.5 text-xs text-warn-ink hover:bg-warn-soft sm:my-1 sm:mr-1.5 sm:ml-0"
      >
        {riskIcon}
        can undo other limits
      </button>
      <p
        id={id}
        hidden={!isOpen}
        className="col-span-full pr-3 pb-2 pl-[5.875rem] text-sm text-pretty text-warn-ink sm:pl-[7.375rem]"
      >
        {risk}
      </p>
    </>
  )
}
