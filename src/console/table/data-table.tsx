import type { ReactNode } from 'react'
import { Skeleton } from '../ui/feedback/empty-and-error.tsx'
import { cx } from '../ui/text/cx.ts'
import { useMediaQuery } from '../ui/use-media-query.ts'

/** A column of a short list; the first one is what a row is known by. */
export type Column<Row> = { name: string; className: string; cell: (row: Row) => ReactNode }

type ListProps<Row> = {
  columns: readonly [Column<Row>, ...Column<Row>[]]
  rows: readonly Row[]
  rowKey: (row: Row) => string
  /** What can be done with a row, as one menu. */
  renderActions: (row: Row) => ReactNode
}

// Five columns and the actions don't fit below it.
const TOO_NARROW = '(max-width: 55.99rem)'

/** A list that fits on a page, as a table, or as cards where the window is narrow. */
export function DataTable<Row>(props: ListProps<Row>) {
  return useMediaQuery(TOO_NARROW) ? <Cards {...props} /> : <Table {...props} />
}

function Table<Row>({ columns, rows, rowKey, renderActions }: ListProps<Row>) {
  return (
    <Frame columns={columns}>
      {rows.map((row) => (
        <tr key={rowKey(row)} className="h-11 border-t border-line-soft hover:bg-hover">
          {columns.map(({ name, cell }, at) => (
            <td
              key={name}
              className={cx('px-3 py-1 first:pl-4', at === 0 ? 'font-[550] wrap-anywhere' : '')}
            >
              {cell(row)}
            </td>
          ))}
          <td className="pr-3 text-end">
            <span className="inline-flex align-middle">{renderActions(row)}</span>
          </td>
        </tr>
      ))}
    </Frame>
  )
}

function Frame<Row>({
  columns,
  children,
}: {
  columns: readonly Column<Row>[]
  children: ReactNode
}) {
  return (
    <div className="overflow-hidden rounded-md border border-line bg-panel">
      <table className="w-full table-fixed">
        <thead>
          <tr className="h-9 text-sm text-muted">
            {columns.map(({ name, className }) => (
              <th
                key={name}
                scope="col"
                className={cx('truncate px-3 text-start font-[450] first:pl-4', className)}
              >
                {name}
              </th>
            ))}
            <th scope="col" className="w-13">
              <span className="sr-only">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  )
}

function Cards<Row>({ columns: [title, ...others], rows, rowKey, renderActions }: ListProps<Row>) {
  return (
    <ul className="grid gap-2.5 sm:grid-cols-2">
      {rows.map((row) => (
        <li key={rowKey(row)} className="rounded-md border border-line bg-panel px-4 py-3">
          <div className="flex items-start gap-2">
            <div className="min-w-0 flex-1 font-[550] wrap-anywhere">{title.cell(row)}</div>
            <span className="-mt-1 -mr-2">{renderActions(row)}</span>
          </div>
          <dl className="mt-2 grid grid-cols-2 gap-x-6 gap-y-2 text-sm">
            {others.map(({ name, cell }) => (
              <div key={name} className="min-w-0">
                <dt className="text-muted">{name}</dt>
                <dd className="mt-0.5 text-base wrap-anywhere">{cell(row)}</dd>
              </div>
            ))}
          </dl>
        </li>
      ))}
    </ul>
  )
}

const skeletonRows = ['a', 'b', 'c']

/** Stands in for the list until it is there, in the size of three rows. */
export function DataTableSkeleton<Row>({ columns }: { columns: readonly Column<Row>[] }) {
  const isNarrow = useMediaQuery(TOO_NARROW)
  if (isNarrow) {
    return (
      <div className="grid gap-2.5 sm:grid-cols-2">
        {skeletonRows.map((key) => (
          <div key={key} className="h-34 rounded-md border border-line bg-panel px-4 py-3">
            <Skeleton className="mt-1 h-3 w-32" />
            <Skeleton className="mt-6 h-3 w-48" />
            <Skeleton className="mt-6 h-3 w-56" />
          </div>
        ))}
      </div>
    )
  }
  return (
    <Frame columns={columns}>
      {skeletonRows.map((key) => (
        <tr key={key} className="h-11 border-t border-line-soft">
          {columns.map(({ name }) => (
            <td key={name} className="px-3 first:pl-4">
              <Skeleton className="h-3 w-3/5" />
            </td>
          ))}
          <td aria-hidden />
        </tr>
      ))}
    </Frame>
  )
}
