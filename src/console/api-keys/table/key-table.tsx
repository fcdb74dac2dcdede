import { ArrowDown, ArrowUp } from 'lucide-react'
import { Fragment, type ReactNode } from 'react'
import type { ApiKeySort } from '../../../contract/api-key-sorts.ts'
import { CopyText } from '../../ui/copy-button.tsx'
import { cx } from '../../ui/cx.ts'
import { AccessView } from './access-view.tsx'
import { AccessCell, CreatedText, ExpandButton, NoteText, StatusText } from './cells.tsx'
import type { KeyListProps } from './key-list-props.ts'
import { ReplaceButton, RowActions } from './row-actions.tsx'

/** The keys as a table, one row each, with the view of its access below an expanded one. */
export function KeyTable({
  deployment,
  catalog,
  keys,
  now,
  configurable,
  sort,
  open,
  onSort,
  onOpen,
  onFlow,
}: KeyListProps) {
  const columns = configurable ? 7 : 6
  return (
    <table className="w-full table-fixed border-separate border-spacing-0 text-left">
      <colgroup>
        <col className="w-12" />
        <col className="w-40" />
        {configurable && <col />}
        <col className={configurable ? 'w-44 xl:w-64' : undefined} />
        <col className="w-30" />
        <col className="w-32" />
        <col className={keys.some(({ legacy }) => legacy) ? 'w-40' : 'w-14'} />
      </colgroup>
      <thead className="text-muted">
        <tr className="h-9 *:border-b *:border-line *:font-[450]">
          <th scope="col">
            <span className="sr-only">View access</span>
          </th>
          <SortHeader by="appId" sort={sort} onSort={onSort}>
            App ID
          </SortHeader>
          {configurable && (
            <SortHeader by="note" sort={sort} onSort={onSort}>
              Note
            </SortHeader>
          )}
          <th scope="col" className="px-3">
            Access
          </th>
          <SortHeader by="createdAt" sort={sort} onSort={onSort}>
            Created
          </SortHeader>
          <th scope="col" className="px-3">
            Status
          </th>
          <th scope="col">
            <span className="sr-only">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {keys.map((apiKey, at) => {
          const { appId } = apiKey
          const expanded = open.has(appId)
          const isLast = at === keys.length - 1
          return (
            <Fragment key={appId}>
              <tr
                className={cx(
                  'h-10.5 *:border-line-soft',
                  expanded ? 'bg-sunken' : 'hover:bg-hover',
                  !expanded && !isLast && '*:border-b',
                )}
              >
                <td className="pl-3">
                  <ExpandButton
                    appId={appId}
                    expanded={expanded}
                    controls={`access-${appId}`}
                    onToggle={() => onOpen(appId, !expanded)}
                  />
                </td>
                <td className="px-3 whitespace-nowrap">
                  <CopyText value={appId} label={`Copy App ID ${appId}`} />
                </td>
                {configurable && (
                  <td className="px-3 py-2 wrap-anywhere">
                    <NoteText apiKey={apiKey} />
                  </td>
                )}
                <td className="px-3">
                  <AccessCell apiKey={apiKey} catalog={catalog} />
                </td>
                <td className="px-3 whitespace-nowrap text-muted tabular-nums">
                  <CreatedText apiKey={apiKey} />
                </td>
                <td className="px-3 whitespace-nowrap tabular-nums">
                  <StatusText apiKey={apiKey} now={now} />
                </td>
                <td className="pr-3">
                  <span className="flex items-center justify-end gap-1">
                    {apiKey.legacy && <ReplaceButton apiKey={apiKey} onFlow={onFlow} />}
                    <RowActions
                      deploymentId={deployment.id}
                      apiKey={apiKey}
                      configurable={configurable}
                      onFlow={onFlow}
                    />
                  </span>
                </td>
              </tr>
              {expanded && (
                <tr id={`access-${appId}`} className="bg-sunken">
                  <td
                    colSpan={columns}
                    className={cx('pt-1 pr-6 pb-5 pl-15', !isLast && 'border-b border-line-soft')}
                  >
                    <AccessView deployment={deployment} apiKey={apiKey} catalog={catalog} />
                  </td>
                </tr>
              )}
            </Fragment>
          )
        })}
      </tbody>
    </table>
  )
}

type Sortable = 'appId' | 'note' | 'createdAt'

function SortHeader({
  by,
  sort,
  onSort,
  children,
}: {
  by: Sortable
  sort: ApiKeySort
  onSort: (sort: ApiKeySort) => void
  children: ReactNode
}) {
  const direction = sort === by ? 'ascending' : sort === `-${by}` ? 'descending' : undefined
  const Arrow = direction === 'descending' ? ArrowDown : ArrowUp
  // Times are asked for newest first, names from A.
  const first: ApiKeySort = by === 'createdAt' ? '-createdAt' : by
  const other: ApiKeySort = by === 'createdAt' ? 'createdAt' : `-${by}`
  return (
    <th scope="col" aria-sort={direction} className="px-3">
      <button
        type="button"
        className={cx(
          'group inline-flex items-center gap-1 rounded-xs hover:text-ink',
          direction && 'font-[550] text-ink',
        )}
        onClick={() => onSort(sort === first ? other : first)}
      >
        {children}
        <Arrow
          className={cx(
            'size-3.5',
            !direction && 'opacity-0 group-hover:opacity-60 group-focus-visible:opacity-60',
          )}
        />
      </button>
    </th>
  )
}
