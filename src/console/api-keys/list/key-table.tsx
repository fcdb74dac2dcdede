import { ArrowDown, ArrowUp } from 'lucide-react'
import { Fragment, useMemo, useRef, type ReactNode } from 'react'
import type { ApiKeySort } from '../../../contract/keys/api-key-sorts.ts'
import { ALL_DRAWN_MAX, RowWindow } from '../../table/row-window.tsx'
import { cx } from '../../ui/text/cx.ts'
import { findFix } from '../parts/condition-fix.ts'
import type { KeyListProps } from './key-list-props.ts'
import { KeyRow } from './key-row.tsx'

// The height of a row with a one-line note.
const ROW_HEIGHT = 42

/** The keys as a table; an expanded row has the view of its access below. */
export function KeyTable({
  deployment,
  catalog,
  keys,
  total,
  now,
  configurable,
  condition,
  sort,
  open,
  onSort,
  onOpen,
  onDialog,
}: KeyListProps) {
  const table = useRef<HTMLTableElement>(null)
  const ids = useMemo(() => keys.map(({ appId }) => appId), [keys])
  // Screen readers then can't count the rows themselves.
  const isPart = keys.length < total || keys.length > ALL_DRAWN_MAX
  const hasLegacy = useMemo(() => keys.some(({ legacy }) => legacy), [keys])
  const hasFix = useMemo(
    () => keys.some((apiKey) => findFix(condition, apiKey, configurable) !== undefined),
    [keys, condition, configurable],
  )
  // The creation time goes first if room is short: legacy keys have none.
  const createdClass = hasLegacy ? 'max-xl:hidden' : undefined
  return (
    <table
      ref={table}
      aria-rowcount={isPart ? total + 1 : undefined}
      className="w-full table-fixed border-separate border-spacing-0 text-left"
    >
      <colgroup>
        <col className="w-12" />
        <col className="w-37" />
        {configurable && <col />}
        <col className={configurable ? 'w-44 min-[90rem]:w-60' : undefined} />
        <col className={cx('w-28', createdClass)} />
        <col className="w-29" />
        <col className="w-35" />
        <col className={hasLegacy || hasFix ? 'w-40' : 'w-14'} />
      </colgroup>
      <thead className="text-muted">
        <tr
          aria-rowindex={isPart ? 1 : undefined}
          className="h-9 *:border-b *:border-line *:font-[450]"
        >
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
      <RowWindow ids={ids} total={total} rowHeight={ROW_HEIGHT} list={table}>
        {({ rows, after, measure }) => (
          <>
            {rows.map(({ at, gap }) => {
              const apiKey = keys[at]
              if (!apiKey) return null
              return (
                <Fragment key={apiKey.appId}>
                  {gap > 0 && <Gap height={gap} />}
                  <KeyRow
                    {...{ deployment, catalog, apiKey, now, configurable, condition, at }}
                    rowIndex={isPart ? at + 2 : undefined}
                    expanded={open.has(apiKey.appId)}
                    isLast={at === keys.length - 1}
                    {...{ createdClass, measure, onOpen, onDialog }}
                  />
                </Fragment>
              )
            })}
            {after > 0 && <Gap height={after} />}
          </>
        )}
      </RowWindow>
    </table>
  )
}

/** A spacer for rows outside the window. */
function Gap({ height }: { height: number }) {
  return (
    <tbody aria-hidden>
      <tr style={{ height }} />
    </tbody>
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
  // Times start with the newest, texts with A.
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
