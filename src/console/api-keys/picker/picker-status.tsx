import type { PickerView } from './permission-picker.tsx'
import type { PickerTotals } from './selection.ts'

const linkClass = 'rounded-xs font-[550] text-accent-ink hover:underline'

/** The line under the picker: what is shown, what is selected, and what of it is out of sight. */
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
    <div className="flex min-h-6 flex-wrap items-center gap-x-3.5 gap-y-1 pt-2 text-sm text-muted tabular-nums">
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
