import { TriangleAlert } from 'lucide-react'
import { useState, type RefObject } from 'react'
import type { OperationId } from '../../../contract/catalog/operation.ts'
import { formatQuantity } from '../../ui/text/format.ts'
import { MEANINGFUL_DAYS } from '../data/operation-usage.ts'
import { unusedPermissions, deselect, type Selection } from './selection.ts'

/**
 * Says how many granted permissions the key used, with a button that unticks the others. Nothing
 * is saved by it, and one press undoes it.
 */
export function UnusedPermissionsBar({
  used,
  days,
  granted,
  selection,
  onSelect,
  button,
}: {
  /** The used operations, and for how many days usage is recorded. */
  used: ReadonlySet<OperationId>
  days: number
  /** The operations of the key as it is saved. */
  granted: ReadonlySet<OperationId>
  selection: Selection
  onSelect: (change: (selection: Selection) => Selection) => void
  button: RefObject<HTMLButtonElement | null>
}) {
  const [unticked, setUnticked] = useState<readonly OperationId[]>([])
  const undoable = unticked.filter((id) => !selection.has(id))
  const unused = unusedPermissions(selection, granted, used)
  const listed = [...selection].filter((id) => granted.has(id)).length
  const canTrim = unused.length > 0 && unused.length < listed
  const span = days === 0 ? 'less than a day' : formatQuantity(days, 'day')

  function keepOnlyUsed(): void {
    setUnticked(unused)
    onSelect((current) => deselect(current, unused))
  }

  function undo(): void {
    setUnticked([])
    onSelect((current) => new Set([...current, ...undoable]))
  }

  function text(): string {
    if (undoable.length > 0) {
      return `${formatQuantity(undoable.length, 'endpoint')} unticked, without use in ${span} of record.`
    }
    if (listed === 0) return ''
    if (unused.length === 0) return `Each was used in ${span} of record.`
    if (unused.length === listed) return `None was used in ${span} of record.`
    return `${listed - unused.length} of ${listed} used in ${span} of record.`
  }

  return (
    <p
      aria-live="polite"
      className="flex flex-wrap items-center gap-x-3.5 gap-y-1 pt-1 text-sm text-muted tabular-nums"
    >
      <span>{text()}</span>
      {(undoable.length > 0 || canTrim) && (
        <button
          ref={button}
          type="button"
          className="rounded-xs font-[550] text-accent-ink hover:underline"
          onClick={undoable.length > 0 ? undo : keepOnlyUsed}
        >
          {undoable.length > 0 ? 'Undo' : 'Keep only used'}
        </button>
      )}
      {days < MEANINGFUL_DAYS && (canTrim || undoable.length > 0) && (
        <span className="inline-flex items-center gap-1.5 text-warn-ink">
          <TriangleAlert className="size-3.5" />
          That is little to go by: what is called once a fortnight looks unused.
        </span>
      )}
    </p>
  )
}
