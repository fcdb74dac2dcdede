import type { PickerTotals, PickerView } from './selection.ts'

const linkClass = 'rounded-xs font-[550] text-accent-ink hover:underline'

/**
 * The line below the picker: how many operations are shown, selected, and hidden by the filter.
 * Sticky where the whole dialog scrolls.
 */
export function PickerStatus({
  totals: { shown, total, selected, hidden },
  view,
  filtered,
  onShowSelected,
  onClear,
}: {
  totals: PickerTotals
  view: PickerView['kind'] | undefined
  filtered: boolean
  onShowSelected: () => void
  onClear: () => void
}) {
  return (
    <div
      // Past the form's padding of 1rem, to its edge.
      className="sticky -bottom-4 z-1 -mx-4 mt-2 flex min-h-6 flex-wrap items-center gap-x-3.5 gap-y-1 border-t border-line-soft bg-overlay px-4 py-2 text-sm text-muted tabular-nums sm:-mx-6 sm:px-6 list-scrolls:static list-scrolls:mx-0 list-scrolls:mt-0 list-scrolls:border-t-0 list-scrolls:px-0 list-scrolls:pb-0"
    >
      <output>
        <strong className="font-[550] text-ink">
          {shown} of {total}
        </strong>{' '}
        shown · <strong className="font-[550] text-ink">{selected} selected</strong>
        {hidden > 0 && `, ${hidden} of them hidden by the filter`}
      </output>
      {(selected > 0 || view === 'selected') && (
        <button
          type="button"
          aria-pressed={view === 'selected'}
          className={linkClass}
          onClick={onShowSelected}
        >
          Show selected
        </button>
      )}
      {filtered && (
        <button type="button" className={linkClass} onClick={onClear}>
          Clear filter
        </button>
      )}
    </div>
  )
}
