import { memo, useDeferredValue, useEffect, useMemo, useRef, useState, type ReactNode } from 'react'
import type { Method, OperationId } from '../../../contract/catalog/operation.ts'
import { Button } from '../../ui/buttons/button.tsx'
import { EmptyState } from '../../ui/feedback/empty-and-error.tsx'
import { buildSearchIndex } from '../data/catalog-search.ts'
import { catalogMethods, type CatalogOperation, type CatalogView } from '../data/catalog-view.ts'
import { HighlightedWords } from '../parts/highlight.tsx'
import { CategoryGroup } from './category-group.tsx'
import { EndpointSearch } from './endpoint-search.tsx'
import { MethodToggles } from './method-toggles.tsx'
import { PickerStatus } from './picker-status.tsx'
import {
  isFiltering,
  pickerTotals,
  toggleOne,
  toggleVisible,
  visibleCategories,
  type PickerView,
  type Selection,
} from './selection.ts'

const ALL: ReadonlySet<Method> = new Set()
const NONE: readonly CatalogOperation[] = []
const NO_WORDS: readonly string[] = []
// A single letter occurs in nearly every row: highlighting it is no help, and renders them all.
const HIGHLIGHT_MIN_LENGTH = 2

/**
 * Selects operations of a catalog. Methods, search and views filter what is shown; ticking a
 * category changes only its shown operations. The search box debounces and rows render deferred,
 * so that typing never waits for them.
 */
export const PermissionPicker = memo(function PermissionPicker({
  catalog,
  selection,
  onSelect,
  view,
  onView,
  notOffered,
  usageTexts,
  children,
}: {
  catalog: CatalogView
  selection: Selection
  /** Updates the selection by a function of the current one; must be stable between renders. */
  onSelect: (change: (selection: Selection) => Selection) => void
  view: PickerView | undefined
  onView: (view: PickerView | undefined) => void
  /** The label of operations that the backend doesn't offer. */
  notOffered: string
  /** A text about each operation's usage, by its id; must be stable between renders. */
  usageTexts?: ReadonlyMap<string, string> | undefined
  /** Shown below the status line. */
  children?: ReactNode
}) {
  const [words, setWords] = useState(NO_WORDS)
  const [searchKey, setSearchKey] = useState(0)
  const [pressed, setPressed] = useState(ALL)
  const list = useRef<HTMLDivElement>(null)
  useEffect(() => {
    // After the first frame every row's height is known, and rows outside the viewport may be
    // skipped from then on.
    let frame = requestAnimationFrame(() => {
      frame = requestAnimationFrame(() => list.current?.setAttribute('data-drawn', ''))
    })
    return () => cancelAnimationFrame(frame)
  }, [])

  const currentFilter = useMemo(
    () => ({ words, methods: pressed, only: view?.ids, kind: view?.kind }),
    [words, pressed, view],
  )
  const filter = useDeferredValue(currentFilter)
  const showsRisks = filter.kind === 'risky'
  const index = useMemo(() => buildSearchIndex(catalog), [catalog])
  const methods = useMemo(() => catalogMethods(catalog), [catalog])
  const categories = useMemo(
    () => visibleCategories(catalog, filter, index),
    [catalog, filter, index],
  )
  const visible = useMemo(
    () => new Map(categories.map((category) => [category.name, category.visible])),
    [categories],
  )
  const highlighted = useMemo(
    () => filter.words.filter((word) => word.length >= HIGHLIGHT_MIN_LENGTH),
    [filter],
  )
  const [onToggle, onToggleVisible] = useMemo(
    () => [
      (id: OperationId) => onSelect((current) => toggleOne(current, id)),
      (visible: readonly CatalogOperation[]) =>
        onSelect((current) => toggleVisible(current, visible)),
    ],
    [onSelect],
  )
  const totals = pickerTotals(catalog, categories, selection)

  function clearSearch(): void {
    setWords(NO_WORDS)
    setSearchKey(searchKey + 1)
  }

  function clearFilter(): void {
    clearSearch()
    setPressed(ALL)
    onView(undefined)
    // The pressed button is about to disappear.
    list.current?.focus({ preventScroll: true })
  }

  function showSelected(): void {
    clearSearch()
    setPressed(ALL)
    if (view?.kind !== 'selected') onView({ kind: 'selected', ids: selection })
    else onView(undefined)
    list.current?.scrollTo({ top: 0 })
  }

  return (
    <>
      <div className="sticky -top-px z-2 flex flex-wrap gap-2 bg-overlay py-2">
        <MethodToggles methods={methods} pressed={pressed} onChange={setPressed} />
        <EndpointSearch key={searchKey} onWords={setWords} />
      </div>
      <div
        ref={list}
        tabIndex={-1}
        // Without a stacking context, browsers repaint all of it with every key in the search box.
        className="isolate overflow-clip rounded-sm border border-line outline-none list-scrolls:min-h-0 list-scrolls:flex-1 list-scrolls:overflow-y-auto"
      >
        <div className="-mt-px">
          <HighlightedWords value={highlighted}>
            {catalog.categories.map((category) => (
              <CategoryGroup
                key={category.name}
                category={category}
                visible={visible.get(category.name) ?? NONE}
                selection={selection}
                filtered={isFiltering(filter)}
                notOffered={notOffered}
                usageTexts={usageTexts}
                showsRisks={showsRisks}
                onToggle={onToggle}
                onToggleVisible={onToggleVisible}
              />
            ))}
          </HighlightedWords>
        </div>
        {categories.length === 0 && (
          <EmptyState
            title="No endpoint matches"
            action={<Button onClick={clearFilter}>Clear filter</Button>}
          >
            The search looks at method, path, category and summary. What is selected stays selected.
          </EmptyState>
        )}
      </div>
      <PickerStatus
        totals={totals}
        view={view?.kind}
        filtered={isFiltering(currentFilter)}
        onShowSelected={showSelected}
        onClear={clearFilter}
      />
      {children}
    </>
  )
})
