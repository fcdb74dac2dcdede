import { ArrowDown, ArrowUp } from 'lucide-react'
import { Fragment, type ReactNode } from 'react'
import type { ApiKeySort } from '../../../contract/api-key-sorts.ts'
import { cx } from '../../ui/cx.ts'
import { fixOf } from '../health/conditions.ts'
import { AccessView } from './access-view.tsx'
import { AppIdLink } from './app-id.tsx'
import {
  AccessCell,
  CreatedText,
  ExpandButton,
  LastUsedText,
  NoteText,
  StatusText,
} from './cells.tsx'
import type { KeyListProps } from './key-list-props.ts'
import { OldSecretLine } from './old-secret-line.tsx'
import { QuickActions, RowActions } from './row-actions.tsx'

/** The keys as a table, one row each, with the view of its access below an expanded one. */
export function KeyTable({
  deployment,
  catalog,
  keys,
  now,
  configurable,
  condition,
  sort,
  open,
  onSort,
  onOpen,
  onFlow,
}: KeyListProps) {
  const columns = configurable ? 8 : 7
  const hasLegacy = keys.some(({ legacy }) => legacy)
  const hasQuickActions =
    hasLegacy || keys.some((apiKey) => fixOf(condition, apiKey, configurable) !== undefined)
  // Where room is short, the time of creation makes some: keys of this table often have none.
  const createdClass = hasLegacy ? 'max-xl:hidden' : undefined
  return (
    <table className="w-full table-fixed border-separate border-spacing-0 text-left">
      <colgroup>
        <col className="w-12" />
        <col className="w-37" />
        {configurable && <col />}
        <col className={configurable ? 'w-44 min-[90rem]:w-60' : undefined} />
        <col className={cx('w-28', createdClass)} />
        <col className="w-29" />
        <col className="w-35" />
        <col className={hasQuickActions ? 'w-40' : 'w-14'} />
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
          <SortHeader by="createdAt" sort={sort} onSort={onSort} className={createdClass}>
            Created
          </SortHeader>
          <th scope="col" className="px-3">
            Last used
          </th>
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
          const { oldSecret } = apiKey
          const hairline = !isLast && 'border-b border-line-soft'
          return (
            <Fragment key={appId}>
              <tr
                className={cx(
                  'h-10.5 *:border-line-soft',
                  expanded ? 'bg-sunken' : 'hover:bg-hover',
                  !expanded && !isLast && !oldSecret && '*:border-b',
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
                  <AppIdLink deploymentId={deployment.id} appId={appId} />
                </td>
                {configurable && (
                  <td className="px-3 py-2 wrap-anywhere">
                    <NoteText apiKey={apiKey} />
                  </td>
                )}
                <td className="px-3">
                  <AccessCell apiKey={apiKey} catalog={catalog} />
                </td>
                <td className={cx('px-3 whitespace-nowrap text-muted tabular-nums', createdClass)}>
                  <CreatedText apiKey={apiKey} />
                </td>
                <td className="px-3 whitespace-nowrap tabular-nums">
                  <LastUsedText apiKey={apiKey} now={now} />
                </td>
                <td className="px-3 whitespace-nowrap tabular-nums">
                  <StatusText apiKey={apiKey} now={now} />
                </td>
                <td className="pr-3">
                  <span className="flex items-center justify-end gap-1">
                    <QuickActions
                      apiKey={apiKey}
                      fix={fixOf(condition, apiKey, configurable)}
                      onFlow={onFlow}
                    />
                    <RowActions
                      deploymentId={deployment.id}
                      apiKey={apiKey}
                      configurable={configurable}
                      onFlow={onFlow}
                    />
                  </span>
                </td>
              </tr>
              {oldSecret && (
                <tr className={expanded ? 'bg-sunken' : undefined}>
                  <td aria-hidden className={cx(!expanded && hairline)} />
                  <td colSpan={columns - 1} className={cx('px-3 pb-2.5', !expanded && hairline)}>
                    <OldSecretLine
                      apiKey={apiKey}
                      oldSecret={oldSecret}
                      now={now}
                      onFlow={onFlow}
                    />
                  </td>
                </tr>
              )}
              {expanded && (
                <tr id={`access-${appId}`} className="bg-sunken">
                  <td colSpan={columns} className={cx('pt-1 pr-6 pb-5 pl-15', hairline)}>
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
  className,
  children,
}: {
  by: Sortable
  sort: ApiKeySort
  onSort: (sort: ApiKeySort) => void
  className?: string | undefined
  children: ReactNode
}) {
  const direction = sort === by ? 'ascending' : sort === `-${by}` ? 'descending' : undefined
  const Arrow = direction === 'descending' ? ArrowDown : ArrowUp
  // Times are asked for newest first, names from A.
  const first: ApiKeySort = by === 'createdAt' ? '-createdAt' : by
  const other: ApiKeySort = by === 'createdAt' ? 'createdAt' : `-${by}`
  return (
    <th scope="col" aria-sort={direction} className={cx('px-3', className)}>
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
