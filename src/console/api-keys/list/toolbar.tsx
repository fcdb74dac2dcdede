import type { ReactNode } from 'react'
import { apiKeySorts, DEFAULT_SORT } from '../../../contract/keys/api-key-sorts.ts'
import { useDebouncedText } from '../../form/use-debounced-text.ts'
import { SearchInput } from '../../ui/fields/search-input.tsx'
import { Select } from '../../ui/fields/select.tsx'
import { sortLabels, type ApiKeySearch } from '../data/key-list-search.ts'
import type { ChangeSearch } from './use-key-search.ts'

/** Search, filter and sort order of the key table, all kept in the URL. */
export function Toolbar({
  search,
  configurable,
  showsSort,
  onChange,
  children,
}: {
  search: ApiKeySearch
  configurable: boolean
  /** For cards, which have no column headers to sort by. */
  showsSort: boolean
  onChange: ChangeSearch
  children: ReactNode
}) {
  const [text, setText] = useDebouncedText(search.search ?? '', (value) =>
    onChange((current) => ({ ...current, search: value })),
  )
  const sorts = apiKeySorts.filter((sort) => configurable || !sort.endsWith('note'))
  return (
    <div className="flex min-w-0 flex-wrap gap-2 max-md:w-full md:ml-auto">
      <SearchInput
        className="w-56 max-md:min-w-40 max-md:flex-1"
        label="Search API keys"
        placeholder={configurable ? 'App ID or note' : 'App ID'}
        value={text}
        onChange={setText}
      />
      {configurable && (
        <Select
          aria-label="Access"
          className="w-40 [&>select]:border-line-strong max-md:min-w-36 max-md:flex-1"
          value={search.access ?? ''}
          onChange={({ target: { value } }) => {
            void onChange((current) => ({ ...current, access: value }), { push: true })
          }}
        >
          <option value="">Any access</option>
          <option value="full">Full access</option>
          <option value="list">Chosen endpoints</option>
        </Select>
      )}
      {showsSort && (
        <Select
          aria-label="Sort"
          className="min-w-36 flex-1 [&>select]:border-line-strong"
          value={search.sort ?? DEFAULT_SORT}
          onChange={({ target: { value } }) => {
            void onChange((current) => ({ ...current, sort: value }), { push: true })
          }}
        >
          {sorts.map((sort) => (
            <option key={sort} value={sort}>
              {sortLabels[sort]}
            </option>
          ))}
        </Select>
      )}
      {children}
    </div>
  )
}
