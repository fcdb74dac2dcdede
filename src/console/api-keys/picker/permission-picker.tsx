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
// A single letter stands nearly everywhere: marking it shows nothing and redraws every row.
const HIGHLIGHT_MIN_LENGTH = 2

/**
 * Picks operations of a catalog: methods, search and views decide what is shown, and only
 * what is shown changes when a category is ticked. Rows follow the search box once it rests
 * for a moment, so that typing never waits for them.
 */
export const PermissionPicker = memo(function PermissionPicker({
  catalog,
  selection,
  onSelect,
  view,
  onView,
  notOffered,
  uses,
  children,
}: {
  catalog: CatalogView
  selection: Selection
  /** Changes the selection by a function of the one there is then; stable between renders. */
  onSelect: (change: (selection: Selection) => Selection) => void
  view: PickerView | undefined
  onView: (view: PickerView | undefined) => void
  /** What is said of operations that the backend doesn't offer. */
  notOffered: string
  /** What is said of each operation's use, by its id; stable between renders. */
  uses?: ReadonlyMap<string, string> | undefined
  /** Stands under the status line. */
  children?: ReactNode
}) {
  const [words, setWords] = useState(NO_WORDS)
  const [searches, setSearches] = useState(0)
  const [pressed, setPressed] = useState(ALL)
  const tree = useRef<HTMLDivElement>(null)
  useEffect(() => {
    // By the second frame the first is drawn; from then on rows out of sight may be skipped.
    let frame = requestAnimationFrame(() => {
      frame = requestAnimationFrame(() => tree.current?.setAttribute('data-drawn', ''))
    })
    return () => cancelAnimationFrame(frame)
  }, [])

  const wanted = useMemo(
    () => ({ words, methods: pressed, only: view?.ids, kind: view?.kind }),
    [words, pressed, view],
  )
  const filter = useDeferredValue(wanted)
  const explain = filter.kind === 'risky'
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
    setSearches(searches + 1)
  }

  function clearFilter(): void {
    clearSearch()
    setPressed(ALL)
    onView(undefined)
    // The button that was pressed is about to go.
    tree.current?.focus({ preventScroll: true })
  }

  function showSelected(): void {
    clearSearch()
    setPressed(ALL)
    if (view?.kind !== 'selected') onView({ kind: 'selected', ids: selection })
    else onView(undefined)
    tree.current?.scrollTo({ top: 0 })
  }

  return (
    <>
      <div className="sticky -top-px z-2 flex flex-wrap gap-2 bg-overlay py-2">
        <MethodToggles methods={methods} pressed={pressed} onChange={setPressed} />
        <EndpointSearch key={searches} onWords={setWords} />
      </div>
      <div
        ref={tree}
        tabIndex={-1}
        // Isolated: browsers paint all of it again with any key in the search box otherwise.
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
                uses={uses}
                explain={explain}
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
        filtered={isFiltering(wanted)}
        onShowSelected={showSelected}
        onClear={clearFilter}
      />
      {children}
    </>
  )
})
