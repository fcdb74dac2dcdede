import type { UseQueryResult } from '@tanstack/react-query'
import { Lock } from 'lucide-react'
import type { ReactNode, RefObject } from 'react'
import type { ApiError } from '../api/api-error.ts'
import { PageHeader } from '../page/page-header.tsx'
import { PageTitle } from '../page/page-title.tsx'
import { EmptyState, ErrorState } from '../ui/feedback/empty-and-error.tsx'
import { InlineMessage } from '../ui/feedback/inline-message.tsx'
import { DataTable, DataTableSkeleton, type Column } from './data-table.tsx'

/** A list as far as it has come. */
export type ListAnswer<Row> = {
  items: readonly Row[] | undefined
  error: ApiError | null
  isRetrying: boolean
  retry: () => void
}

/**
 * What a query has of a list. Whether it is fetching is read only where there is an error, since
 * each poll would render the page otherwise.
 */
export function listAnswer<Row>(
  query: UseQueryResult<{ items: readonly Row[] }, ApiError>,
): ListAnswer<Row> {
  return {
    items: query.data?.items,
    error: query.error,
    isRetrying: query.error !== null && query.isFetching,
    retry: () => void query.refetch(),
  }
}

/** A page that is one short list: heading, what it is about, the list or what is in its place. */
export function ListPage<Row>({
  title,
  lead,
  things,
  answer: { items, error, isRetrying, retry },
  refusal,
  heading,
  action,
  columns,
  rowKey,
  renderActions,
  empty,
}: {
  title: string
  /** What is listed here, in a sentence. */
  lead: string
  /** What the items are called in messages: "users". */
  things: string
  answer: ListAnswer<Row>
  /** Why the one who is signed in may not see it. */
  refusal: string | undefined
  heading: RefObject<HTMLHeadingElement | null>
  action: ReactNode
  columns: readonly [Column<Row>, ...Column<Row>[]]
  rowKey: (row: Row) => string
  renderActions: (row: Row) => ReactNode
  /** What stands in place of no items. */
  empty: ReactNode
}) {
  const hasItems = items !== undefined && items.length > 0
  return (
    <>
      <PageTitle>{title}</PageTitle>
      <PageHeader
        className="mb-4"
        heading={
          <>
            <h1 ref={heading} tabIndex={-1} className="rounded-xs text-xl outline-offset-4">
              {title}
            </h1>
            {hasItems && <span className="text-muted tabular-nums">{items.length}</span>}
          </>
        }
        actions={hasItems && action}
      >
        <p className="mt-0.5 text-pretty text-muted">{lead}</p>
      </PageHeader>
      {refusal !== undefined || error?.isForbidden ? (
        <Plane>
          <EmptyState
            icon={<Lock className="size-5" />}
            title={`You may not see the ${things}`}
            className="py-20"
          >
            {refusal ?? error?.message}
          </EmptyState>
        </Plane>
      ) : items ? (
        <>
          {error && (
            <InlineMessage tone="warn" className="mb-4">
              This list isn’t up to date. {error.message}
            </InlineMessage>
          )}
          {hasItems ? (
            <DataTable
              columns={columns}
              rows={items}
              rowKey={rowKey}
              renderActions={renderActions}
            />
          ) : (
            <Plane>{empty}</Plane>
          )}
        </>
      ) : error ? (
        <Plane>
          <ErrorState
            title={`The ${things} didn’t load`}
            detail={error.message}
            retrying={isRetrying}
            onRetry={retry}
          />
        </Plane>
      ) : (
        <div aria-busy>
          <span className="sr-only">Loading the {things}</span>
          <DataTableSkeleton columns={columns} />
        </div>
      )}
    </>
  )
}

function Plane({ children }: { children: ReactNode }) {
  return <div className="rounded-md border border-line bg-panel">{children}</div>
}
