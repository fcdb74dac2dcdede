import type { Method, OperationId } from '../../../contract/catalog/operation.ts'
import { matchesWords, type SearchIndex } from '../data/catalog-search.ts'
import type { CatalogOperation, CatalogView } from '../data/catalog-view.ts'

/** The operations that are ticked, whether they are in sight or not. */
export type Selection = ReadonlySet<OperationId>

/** A view of some operations only: the selected ones, those with a risk, those ticked for people. */
export type PickerView = { kind: 'selected' | 'risky' | 'preset'; ids: ReadonlySet<OperationId> }

/** What the picker shows. It never touches the selection. */
export type PickerFilter = {
  words: readonly string[]
  /** None pressed means all. */
  methods: ReadonlySet<Method>
  /** Only these, as they were when the view was chosen, so that an unticked row stays in sight. */
  only: ReadonlySet<OperationId> | undefined
}

export const noFilter: PickerFilter = { words: [], methods: new Set(), only: undefined }

export function isFiltering({ words, methods, only }: PickerFilter): boolean {
  return words.length > 0 || methods.size > 0 || only !== undefined
}

export function isVisible(
  { id, method }: CatalogOperation,
  filter: PickerFilter,
  index: SearchIndex,
): boolean {
  if (filter.methods.size > 0 && !filter.methods.has(method)) return false
  if (filter.only && !filter.only.has(id)) return false
  return matchesWords(index, id, filter.words)
}

/** A category as the picker shows it under a filter. */
export type VisibleCategory = {
  name: string
  total: number
  visible: readonly CatalogOperation[]
}

/** The categories with something to show, in catalog order. */
export function visibleCategories(
  catalog: CatalogView,
  filter: PickerFilter,
  index: SearchIndex,
): VisibleCategory[] {
  return catalog.categories
    .map(({ name, operations }) => ({
      name,
      total: operations.length,
      visible: operations.filter((operation) => isVisible(operation, filter, index)),
    }))
    .filter(({ visible }) => visible.length > 0)
}

export type TriState = 'all' | 'some' | 'none'

/** The state of a category's box: over the rows it shows, whatever else is selected. */
export function triState(selection: Selection, visible: readonly CatalogOperation[]): TriState {
  const ticked = countSelected(selection, visible)
  if (ticked === 0) return 'none'
  return ticked === visible.length ? 'all' : 'some'
}

export function countSelected(
  selection: Selection,
  operations: readonly CatalogOperation[],
): number {
  return operations.reduce((count, { id }) => (selection.has(id) ? count + 1 : count), 0)
}

/** The selection with one operation ticked or unticked. */
export function toggleOne(selection: Selection, id: OperationId): Selection {
  const next = new Set(selection)
  if (!next.delete(id)) next.add(id)
  return next
}

/** Ticks every row that is shown, or unticks them where all were ticked; no other row changes. */
export function toggleVisible(
  selection: Selection,
  visible: readonly CatalogOperation[],
): Selection {
  const next = new Set(selection)
  const untick = triState(selection, visible) === 'all'
  for (const { id } of visible) {
    if (untick) next.delete(id)
    else next.add(id)
  }
  return next
}

/**
 * The ticked operations of a key that its record doesn't show in use. What was ticked since,
 * and isn't granted yet, can't have been used and isn't among them.
 */
export function unusedPermissions(
  selection: Selection,
  granted: ReadonlySet<OperationId>,
  used: ReadonlySet<OperationId>,
): OperationId[] {
  return [...selection].filter((id) => granted.has(id) && !used.has(id))
}

/** The selection without some operations. */
export function deselect(selection: Selection, ids: Iterable<OperationId>): Selection {
  const next = new Set(selection)
  for (const id of ids) next.delete(id)
  return next
}

export type PickerTotals = {
  shown: number
  total: number
  selected: number
  /** Selected, but not in sight under the filter. */
  hidden: number
}

/** The counts of the status line, over the whole catalog. */
export function pickerTotals(
  catalog: CatalogView,
  categories: readonly VisibleCategory[],
  selection: Selection,
): PickerTotals {
  const selected = countSelected(selection, catalog.operations)
  let shown = 0
  let ticked = 0
  for (const { visible } of categories) {
    shown += visible.length
    ticked += countSelected(selection, visible)
  }
  return { shown, total: catalog.operations.length, selected, hidden: selected - ticked }
}
