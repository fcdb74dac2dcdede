import type { Method, OperationId } from '../../../contract/catalog/operation.ts'
import { matchesWords, type SearchIndex } from '../data/catalog-search.ts'
import type { CatalogOperation, CatalogView } from '../data/catalog-view.ts'

/** The ticked operations, shown or not. */
export type Selection = ReadonlySet<OperationId>

/** A view that shows some operations only: selected ones, risky ones, or those of a preset. */
export type PickerView = { kind: 'selected' | 'risky' | 'preset'; ids: ReadonlySet<OperationId> }

/** The filter of the picker. It never changes the selection. */
export type PickerFilter = {
  words: readonly string[]
  /** Empty means all. */
  methods: ReadonlySet<Method>
  /** The operations of a view as it was opened, so that a row stays shown after unticking. */
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

/** A category with its operations that pass the filter. */
export type VisibleCategory = {
  name: string
  total: number
  visible: readonly CatalogOperation[]
}

/** The categories with operations that pass the filter, in catalog order. */
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

/** The state of a category's check box, which covers only its shown operations. */
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

/** Ticks all shown operations, or unticks them if all were ticked; others don't change. */
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
 * The selected operations that the key was granted but didn't use. Newly ticked ones aren't among
 * them: they can't have been used yet.
 */
export function unusedPermissions(
  selection: Selection,
  granted: ReadonlySet<OperationId>,
  used: ReadonlySet<OperationId>,
): OperationId[] {
  return [...selection].filter((id) => granted.has(id) && !used.has(id))
}

/** The selection without these operations. */
export function deselect(selection: Selection, ids: Iterable<OperationId>): Selection {
  const next = new Set(selection)
  for (const id of ids) next.delete(id)
  return next
}

/** The counts of the status line. */
export type PickerTotals = {
  shown: number
  total: number
  selected: number
  /** Selected, but hidden by the filter. */
  hidden: number
}

/** Counts what the status line shows, over the whole catalog. */
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
