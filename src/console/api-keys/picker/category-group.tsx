import { memo, useId } from 'react'
import type { OperationId } from '../../../contract/catalog/operation.ts'
import { Checkbox } from '../../ui/checkbox.tsx'
import type { CatalogOperation } from '../catalog-view.ts'
import { MarkedText } from './marked-text.tsx'
import { OperationRow } from './operation-row.tsx'
import { countSelected, triState, type Selection, type VisibleCategory } from './selection.ts'

type CategoryGroupProps = {
  category: VisibleCategory
  selection: Selection
  words: readonly string[]
  /** Whether a filter is on; the counts are then of what is shown. */
  filtered: boolean
  notOffered: string
  explain: boolean
  onToggle: (id: OperationId) => void
  onToggleVisible: (visible: readonly CatalogOperation[]) => void
}

/** A category with its three-state check box, and the operations of it that are shown. */
export const CategoryGroup = memo(function CategoryGroup({
  category: { name, visible },
  selection,
  words,
  filtered,
  notOffered,
  explain,
  onToggle,
  onToggleVisible,
}: CategoryGroupProps) {
  const id = useId()
  const state = triState(selection, visible)
  const ticked = countSelected(selection, visible)
  const noneOffered = visible.every(({ standing }) => standing === 'notOffered')
  return (
    <fieldset
      aria-labelledby={`${id}-name`}
      // Rows out of sight are neither laid out nor painted; the size keeps the scroll bar right.
      className="min-w-0 [content-visibility:auto] not-first:border-t not-first:border-line"
      style={{ containIntrinsicSize: `auto ${33 + visible.length * 33}px` }}
    >
      <div className="sticky top-0 z-1 flex items-start gap-2.5 bg-overlay">
        <div className="flex min-h-8 flex-1 flex-wrap items-center gap-x-2.5 bg-sunken py-1.5 pr-3 pl-3">
          <Checkbox
            className="flex-1 gap-2.5"
            checked={state === 'some' ? 'mixed' : state === 'all'}
            onChange={() => onToggleVisible(visible)}
            aria-describedby={`${id}-count`}
          >
            <span id={`${id}-name`} className="font-[550]">
              <MarkedText text={name} words={words} />
            </span>
          </Checkbox>
          {noneOffered && (
            <span id={`${id}-standing`} className="text-sm text-muted">
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
        {visible.map((operation) => (
          <OperationRow
            key={operation.id}
            operation={operation}
            checked={selection.has(operation.id)}
            words={words}
            notOffered={
              operation.standing === 'notOffered' && !noneOffered ? notOffered : undefined
            }
            describedBy={noneOffered ? `${id}-standing` : undefined}
            explain={explain}
            onToggle={onToggle}
          />
        ))}
      </ul>
    </fieldset>
  )
})
