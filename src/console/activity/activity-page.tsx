import { getRouteApi, Link } from '@tanstack/react-router'
import { Activity, Lock, SearchX } from 'lucide-react'
import type { ReactNode } from 'react'
import { Breadcrumb, Crumb } from '../page/breadcrumb.tsx'
import { PageHeader } from '../page/page-header.tsx'
import { PageTitle } from '../page/page-title.tsx'
import { Button } from '../ui/buttons/button.tsx'
import { CopyText } from '../ui/buttons/copy-button.tsx'
import { EmptyState, ErrorState, Skeleton } from '../ui/feedback/empty-and-error.tsx'
import { InlineMessage } from '../ui/feedback/inline-message.tsx'
import { cx } from '../ui/text/cx.ts'
import { formatCount } from '../ui/text/format.ts'
import { EntryList } from './entry-list.tsx'
import { Filters, type ChangeSearch, type SearchChange } from './filters.tsx'
import { isFiltered, validateActivitySearch, type ActivitySearch } from './search-params.ts'
import { useActivity } from './use-activity.ts'

const route = getRouteApi('/activity')

/** Who did what, when and from where; all of it, or what was done to one key. */
export function ActivityPage(): ReactNode {
  // The router leaves in what the check has left out.
  const search = validateActivitySearch(route.useSearch())
  const navigate = route.useNavigate()
  const list = useActivity(search)

  const change: ChangeSearch = (parts, { step = false } = {}) =>
    navigate({
      search: (current) => validateActivitySearch({ ...current, ...parts }),
      replace: !step,
      resetScroll: false,
    })

  return (
    <>
      <Header search={search} deployment={list.entries?.[0]?.deployment?.name} />
      <Filters search={search} onChange={change} />
      <div className="overflow-hidden rounded-md border border-line bg-panel">
        <List search={search} list={list} onClear={() => void change(cleared(search))} />
      </div>
    </>
  )
}

/** Clears the filter, but for this: a key's history stays this key's. */
function cleared({ appId }: ActivitySearch): SearchChange {
  return {
    search: '',
    subject: '',
    range: '',
    from: '',
    to: '',
    ...(appId === undefined && { deploymentId: '' }),
  }
}

function Header({
  search: { appId, deploymentId },
  deployment,
}: {
  search: ActivitySearch
  deployment: string | undefined
}) {
  if (appId === undefined) {
    return (
      <PageHeader className="mb-4" heading={<h1 className="text-xl">Activity</h1>}>
        <PageTitle>Activity</PageTitle>
        <p className="mt-0.5 text-muted">
          Who did what, when and from where, and what was refused. Kept after deletion.
        </p>
      </PageHeader>
    )
  }
  return (
    <PageHeader
      className="mb-4"
      breadcrumb={
        <Breadcrumb current={appId}>
          <Crumb>
            <Link to="/activity">Activity</Link>
          </Crumb>
        </Breadcrumb>
      }
      heading={<h1 className="text-xl wrap-anywhere">Activity of {appId}</h1>}
    >
      <PageTitle>{`Activity of ${appId}`}</PageTitle>
      <p className="mt-0.5 flex flex-wrap items-center gap-x-1.5 text-muted">
        What was done to this API key
        {deploymentId !== undefined && (
          <>
            {' of '}
            <Link
              to="/deployments/$deploymentId"
              params={{ deploymentId }}
              className="rounded-xs text-ink hover:underline"
            >
              {deployment ?? deploymentId}
            </Link>
          </>
        )}
        <CopyText value={appId} label={`Copy App ID ${appId}`} />
      </p>
    </PageHeader>
  )
}

function List({
  search,
  list,
  onClear,
}: {
  search: ActivitySearch
  list: ReturnType<typeof useActivity>
  onClear: () => void
}) {
  const { entries, error, isRetrying, retry } = list
  if (!entries) {
    if (!error) return <ListSkeleton />
    if (error.isForbidden) {
      return (
        <EmptyState icon={<Lock className="size-5" />} title="You may not see the activity">
          {error.message}
        </EmptyState>
      )
    }
    return (
      <ErrorState
        title="The activity didn’t load"
        detail={error.message}
        retrying={isRetrying}
        onRetry={retry}
      />
    )
  }
  if (entries.length === 0) return <Nothing search={search} onClear={onClear} />
  return (
    <>
      {error && (
        <InlineMessage tone="warn" className="m-3">
          <span className="mr-3">This list isn’t up to date. {error.message}</span>
          <Button size={28} loading={isRetrying} onClick={retry}>
            Try again
          </Button>
        </InlineMessage>
      )}
      <div
        aria-busy={list.isOutdated || undefined}
        className={cx('transition-opacity delay-300', list.isOutdated && 'opacity-60')}
      >
        <EntryList entries={entries} now={list.now} />
      </div>
      {list.hasMore && (
        <div className="flex items-center justify-between gap-4 border-t border-line-soft py-2 pr-2 pl-4">
          <span className="text-sm text-muted tabular-nums">
            The newest {formatCount(entries.length)} are shown
          </span>
          <Button size={28} loading={list.isLoadingMore} onClick={list.loadMore}>
            Show more
          </Button>
        </div>
      )}
    </>
  )
}

function Nothing({ search, onClear }: { search: ActivitySearch; onClear: () => void }) {
  const { appId, deploymentId, ...others } = search
  const isNarrowed = isFiltered(others) || (appId === undefined && deploymentId !== undefined)
  if (isNarrowed) {
    return (
      <EmptyState
        icon={<SearchX className="size-5" />}
        title="Nothing matches"
        action={<Button onClick={onClear}>Clear filter</Button>}
      >
        The search looks at who, what, deployment and address, and wants every word.
      </EmptyState>
    )
  }
  return (
    <EmptyState
      icon={<Activity className="size-5" />}
      title={appId === undefined ? 'Nothing was done yet' : 'Nothing is on record for this key'}
      className="py-20"
    >
      {appId === undefined
        ? 'Sign-ins, changes to keys, deployments, users and tokens, and what was refused show here as they happen.'
        : 'It was made before Latchkey kept a record, or the address has a typo. Changes to it show here from now on.'}
    </EmptyState>
  )
}

function ListSkeleton() {
  return (
    <div aria-busy>
      <span className="sr-only">Loading the activity</span>
      <div className="h-9 border-b border-line max-md:hidden" />
      {Array.from({ length: 8 }, (_, at) => (
        <div
          key={at}
          className="flex h-15 items-center gap-6 border-line-soft px-4 not-first:border-t md:h-10.5"
        >
          <Skeleton className="ml-8 h-3 w-20 flex-none" />
          <Skeleton className="h-3 w-24 max-md:hidden" />
          <Skeleton className="h-3 max-w-80 flex-1" />
          <Skeleton className="ml-auto h-3 w-28 max-md:hidden" />
        </div>
      ))}
    </div>
  )
}
