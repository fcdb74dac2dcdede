import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { methods, type OperationId } from '../../../contract/catalog/operation.ts'
import { buildSearchIndex, searchWords } from '../data/catalog-search.ts'
import { toCatalogView } from '../data/catalog-view.ts'
import {
  isFiltering,
  deselect,
  noFilter,
  pickerTotals,
  toggleOne,
  toggleVisible,
  triState,
  unusedPermissions,
  visibleCategories,
  type PickerFilter,
} from './selection.ts'

const words = ['clients', 'rules', 'topic', 'all', 'user', 'bulk']
const operation = fc.record({
  method: fc.constantFrom(...methods),
  path: fc
    .array(fc.constantFrom(...words), { minLength: 1, maxLength: 3 })
    .map((parts): `/${string}` => `/${parts.join('/')}`),
  summary: fc.constantFrom('List all', 'Change a topic', 'Delete users', 'Kick in bulk'),
  supported: fc.boolean(),
})

/** A catalog of up to 30 operations in up to 5 categories, each operation once. */
const catalogArbitrary = fc
  .uniqueArray(fc.tuple(operation, fc.nat(4)), {
    maxLength: 30,
    selector: ([{ method, path }]) => `${method} ${path}`,
  })
  .map((rows) =>
    toCatalogView({
      categories: ['Clients', 'Rules', 'Publish', 'Banned', 'Users']
        .map((name, at) => ({
          name,
          operations: rows
            .filter(([, category]) => category === at)
            .map(([{ method, path, ...rest }]) => {
              const id: OperationId = `${method} ${path}`
              return { id, method, path, ...rest }
            }),
        }))
        .filter(({ operations }) => operations.length > 0),
    }),
  )

/** A catalog with any selection of it and any filter on it. */
const pickerArbitrary = catalogArbitrary.chain((catalog) => {
  const subset = fc.subarray(catalog.operations.map(({ id }) => id)).map((ids) => new Set(ids))
  const filter: fc.Arbitrary<PickerFilter> = fc.record({
    words: fc
      .array(fc.constantFrom(...words, 'get', 'delete', 'nothing-has-this'), { maxLength: 2 })
      .map((some) => searchWords(some.join(' '))),
    methods: fc.subarray([...methods]).map((some) => new Set(some)),
    only: fc.option(subset, { nil: undefined }),
  })
  return fc.record({ catalog: fc.constant(catalog), selection: subset, filter })
})

const without = (some: ReadonlySet<OperationId>, others: ReadonlySet<OperationId>) =>
  new Set([...some].filter((id) => !others.has(id)))
const differing = (some: ReadonlySet<OperationId>, others: ReadonlySet<OperationId>) =>
  new Set([...without(some, others), ...without(others, some)])

type Picker = typeof pickerArbitrary extends fc.Arbitrary<infer T> ? T : never

const show = ({ catalog, filter }: Picker) =>
  visibleCategories(catalog, filter, buildSearchIndex(catalog))
const shownIds = (picker: Picker) =>
  new Set(show(picker).flatMap(({ visible }) => visible.map(({ id }) => id)))
const holds = (property: (picker: Picker) => void) =>
  fc.assert(fc.property(pickerArbitrary, property), { numRuns: 300 })

describe('what is shown', () => {
  it('is everything in catalog order without a filter', () => {
    holds(({ catalog, selection }) => {
      const categories = show({ catalog, selection, filter: noFilter })
      expect(categories.flatMap(({ visible }) => visible)).toEqual(catalog.operations)
      expect(isFiltering(noFilter)).toBe(false)
    })
  })

  it('passes method, words and view together', () => {
    holds((picker) => {
      const { methods: pressed, only } = picker.filter
      for (const { visible } of show(picker)) {
        for (const { id, method } of visible) {
          expect(pressed.size === 0 || pressed.has(method)).toBe(true)
          expect(!only || only.has(id)).toBe(true)
        }
      }
    })
  })

  it('never depends on the selection', () => {
    holds((picker) => {
      expect(show({ ...picker, selection: new Set() })).toEqual(show(picker))
    })
  })
})

describe('ticking', () => {
  it('one row changes that row alone, and twice is nothing', () => {
    holds(({ catalog, selection }) => {
      for (const { id } of catalog.operations.slice(0, 3)) {
        const once = toggleOne(selection, id)
        expect(differing(once, selection)).toEqual(new Set([id]))
        expect(toggleOne(once, id)).toEqual(selection)
      }
    })
  })

  it('a category changes rows in sight of that category alone', () => {
    holds((picker) => {
      for (const { visible } of show(picker)) {
        const ids = new Set(visible.map(({ id }) => id))
        const after = toggleVisible(picker.selection, visible)
        expect(without(differing(after, picker.selection), ids)).toEqual(new Set())
        expect(without(after, ids)).toEqual(without(picker.selection, ids))
        const before = triState(picker.selection, visible)
        expect(triState(after, visible)).toBe(before === 'all' ? 'none' : 'all')
      }
    })
  })

  it('hidden rows keep their state through any run of toggles', () => {
    holds((picker) => {
      let selection: ReadonlySet<OperationId> = picker.selection
      for (const { visible } of show(picker)) {
        selection = toggleVisible(selection, visible)
        for (const { id } of visible) selection = toggleOne(selection, id)
      }
      const shown = shownIds(picker)
      expect(without(selection, shown)).toEqual(without(picker.selection, shown))
    })
  })
})

describe('a category box', () => {
  it('tells the set of rows in sight, not a count of all that is selected', () => {
    holds((picker) => {
      for (const { visible } of show(picker)) {
        const ids = new Set(visible.map(({ id }) => id))
        const unticked = without(ids, picker.selection).size
        const mixed = unticked === ids.size ? 'none' : 'some'
        expect(triState(picker.selection, visible)).toBe(unticked === 0 ? 'all' : mixed)
      }
    })
  })
})

describe('the totals', () => {
  it('count over everything, and hidden ones by sets', () => {
    holds((picker) => {
      const shown = shownIds(picker)
      expect(pickerTotals(picker.catalog, show(picker), picker.selection)).toEqual({
        shown: shown.size,
        total: picker.catalog.operations.length,
        selected: picker.selection.size,
        hidden: without(picker.selection, shown).size,
      })
    })
  })
})

const ids: OperationId[] = ['GET /a', 'POST /a', 'GET /b', 'PUT /b/{id}', 'DELETE /b/{id}']

it('only granted and ticked operations without use can be taken away', () => {
  const some = fc.subarray(ids).map((list) => new Set(list))
  fc.assert(
    fc.property(some, some, some, (selection, granted, used) => {
      const kept = deselect(selection, unusedPermissions(selection, granted, used))
      for (const id of selection) {
        expect(kept.has(id)).toBe(used.has(id) || !granted.has(id))
      }
      expect([...kept].every((id) => selection.has(id))).toBe(true)
    }),
  )
})
