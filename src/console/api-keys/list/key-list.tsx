import { useCallback, useEffect } from 'react'
import { planRules } from '../../../contract/deployments/plans.ts'
import type { Deployment } from '../../../contract/deployments/schemas.ts'
import { DEFAULT_SORT } from '../../../contract/keys/api-key-sorts.ts'
import { Button } from '../../ui/buttons/button.tsx'
import { InlineMessage } from '../../ui/feedback/inline-message.tsx'
import { cx } from '../../ui/text/cx.ts'
import { formatCount } from '../../ui/text/format.ts'
import type { CatalogView } from '../data/catalog-view.ts'
import type { KeyDialog } from '../data/key-dialog.ts'
import { openRows, withoutFilter, withRow, type ApiKeySearch } from '../data/key-list-search.ts'
import { ExpandedAccess } from './expanded-access.tsx'
import { KeyCards } from './key-cards.tsx'
import { KeyTable } from './key-table.tsx'
import { ListFailure, ListSkeleton, NoMatch } from './list-states.tsx'
import type { useKeyList } from './use-key-list.ts'
import type { ChangeSearch } from './use-key-search.ts'

const SKELETON_ROWS_MAX = 12

/** The keys, or their place while they load, after an error, and if none matches. */
export function KeyList({
  deployment,
  catalog,
  list,
  search,
  isNarrow,
  onSearch,
  onDialog,
}: {
  deployment: Deployment
  catalog: CatalogView | undefined
  list: ReturnType<typeof useKeyList>
  search: ApiKeySearch
  isNarrow: boolean
  onSearch: ChangeSearch
  onDialog: (dialog: KeyDialog) => void
}) {
  const { keys, error, retry, isRetrying } = list
  // So that the first expanded row shows its access at once.
  useEffect(() => ExpandedAccess.preload(), [])
  const onOpen = useCallback(
    (appId: string, open: boolean) => void onSearch((current) => withRow(current, appId, open)),
    [onSearch],
  )
  if (!keys) {
    return error ? (
      <ListFailure error={error} retrying={isRetrying} onRetry={retry} />
    ) : (
      <ListSkeleton rows={Math.min(Math.max(deployment.apiKeyCount, 1), SKELETON_ROWS_MAX)} />
    )
  }
  if (keys.length === 0) {
    return <NoMatch onClear={() => void onSearch(withoutFilter)} />
  }
  const props = {
    deployment,
    catalog,
    keys,
    total: list.total,
    now: list.now,
    configurable: planRules(deployment).keysAreConfigurable,
    condition: search.condition,
    open: openRows(search),
    onOpen,
    onDialog,
  }
  return (
    <>
      {error && (
        <InlineMessage tone="danger" className="m-3">
          <span className="mr-3">These keys may be out of date. {error.message}</span>
          <Button size={28} loading={isRetrying} onClick={retry}>
            Try again
          </Button>
        </InlineMessage>
      )}
      <div
        aria-busy={list.isOutdated || undefined}
        className={cx('transition-opacity delay-300', list.isOutdated && 'opacity-60')}
      >
        {isNarrow ? (
          <KeyCards {...props} />
        ) : (
          <KeyTable
            {...props}
            sort={search.sort ?? DEFAULT_SORT}
            onSort={(sort) => void onSearch((current) => ({ ...current, sort }), { push: true })}
          />
        )}
      </div>
      {list.hasMore && (
        <div className="flex items-center justify-between gap-4 border-t border-line-soft py-2 pr-2 pl-4">
          <span className="text-sm text-muted tabular-nums">
            {formatCount(keys.length)} of {formatCount(list.total)} shown
          </span>
          <Button size={28} loading={list.isLoadingMore} onClick={list.loadMore}>
            Show more
          </Button>
        </div>
      )}
    </>
  )
}
