import { memo, useId } from 'react'
import type { OperationId } from '../../../contract/catalog/operation.ts'
import { Checkbox } from '../../ui/fields/checkbox.tsx'
import type { CatalogCategory, CatalogOperation } from '../data/catalog-view.ts'
import { HighlightedText } from '../parts/highlight.tsx'
import { OperationRow } from './operation-row.tsx'
import { countSelected, triState, type Selection } from './selection.ts'

type CategoryGroupProps = {
  category: CatalogCategory
  /** Its operations that pass the filter; without any the category is hidden. */
  visible: readonly CatalogOperation[]
  selection: Selection
  /** Whether a filter is on. */
  filtered: boolean
  notOffered: string
  /** A text about each operation's usage, by its id. */
  usageTexts: ReadonlyMap<string, string> | undefined
  showsRisks: boolean
  onToggle: (id: OperationId) => void
  onToggleVisible: (visible: readonly CatalogOperation[]) => void
}

/**
 * A category with its three-state check box and its operations. Filtered rows are hidden rather
 * than unmounted: mounting hundreds of rows again would block a keystroke.
 */
export const CategoryGroup = memo(function CategoryGroup({
  category: { name, operations },
  visible,
  selection,
  filtered,
  notOffered,
  usageTexts,
  showsRisks,
  onToggle,
  onToggleVisible,
}: CategoryGroupProps) {
  const id = useId()
  const state = triState(selection, visible)
  const ticked = countSelected(selection, visible)
  const isShown = visible.length > 0
  // If the whole category is hidden, its rows needn't change.
  const shown = new Set(isShown ? visible : operations)
  const noneOffered = operations.every(({ availability }) => availability === 'notOffered')
  return (
    <fieldset
      hidden={!isShown}
      aria-labelledby={`${id}-name`}
      className="min-w-0 border-t border-line"
    >
      <div className="z-1 bg-overlay list-scrolls:sticky list-scrolls:top-0">
        <div className="flex min-h-8 flex-wrap items-center gap-x-2.5 bg-sunken px-3 py-1.5">
          <Checkbox
            className="flex-1 gap-2.5"
            checked={state === 'some' ? 'mixed' : state === 'all'}
            onChange={() => onToggleVisible(visible)}
            aria-describedby={`${id}-count`}
          >
            <span id={`${id}-name`} className="font-[550]">
              <HighlightedText text={name} />
            </span>
          </Checkbox>
          {noneOffered && (
            <span
              id={`${id}-availability`}
              className="text-sm text-muted max-sm:order-last max-sm:basis-full max-sm:pl-6.5"
            >
              {notOffered}
            </span>
          )}
          <span id={`${id}-count`} className="text-sm text-muted tabular-nums">
            {ticked} of {visible.length}
            {filtered && ' shown'}
          </span>
        </div>
      </div>
      <ul>
        {operations.map((operation) => (
          <OperationRow
            key={operation.id}
            operation={operation}
            hidden={!shown.has(operation)}
            checked={selection.has(operation.id)}
            notOffered={
              operation.availability === 'notOffered' && !noneOffered ? notOffered : undefined
            }
            usageText={usageTexts?.get(operation.id)}
            describedBy={noneOffered ? `${id}-availability` : undefined}
            showsRisk={showsRisks}
            onToggle={onToggle}
          />
        ))}
      </ul>
    </fieldset>
  )
})
