import { useQuery } from '@tanstack/react-query'
import { CircleCheck } from 'lucide-react'
import type { OperationId } from '../../../../contract/catalog/operation.ts'
import type { ApiKey } from '../../../../contract/keys/schemas.ts'
import { createAddressFilter } from '../../../../contract/network/ip-addresses.ts'
import type { RefusedCalls } from '../../../../contract/usage/schemas.ts'
import { useDisabledReason } from '../../../session/permission.ts'
import { Button } from '../../../ui/buttons/button.tsx'
import { EmptyState, Skeleton } from '../../../ui/feedback/empty-and-error.tsx'
import { formatCount, formatQuantity } from '../../../ui/text/format.ts'
import { Ago } from '../../../ui/text/timestamp.tsx'
import type { CatalogView } from '../../data/catalog-view.ts'
import { refusedCallsQuery } from '../../data/key-queries.ts'
import { AddPermission } from '../add-permission.tsx'
import { OperationName } from '../operation-name.tsx'
import { Section, SectionFailure } from '../section.tsx'

type RefusedCall = RefusedCalls['items'][number]

/** The latest refused calls by operation, each with a button that allows it. */
export function RefusedCallsSection({
  deploymentId,
  apiKey,
  catalog,
  onAdd,
  onLimits,
}: {
  deploymentId: string
  apiKey: ApiKey
  catalog: CatalogView | undefined
  /** Opens the Edit dialog with this permission ticked. */
  onAdd: (operation: OperationId) => void
  /** Opens the dialog that has the allowed addresses. */
  onLimits: () => void
}) {
  const refusedCalls = useQuery(refusedCallsQuery({ deploymentId, appId: apiKey.appId }))
  const { data, error, refetch, dataUpdatedAt } = refusedCalls
  const items = data?.items
  return (
    <Section
      title="Refused calls"
      count={items && items.length > 0 ? formatCount(items.length) : undefined}
    >
      {items ? (
        items.length === 0 ? (
          <EmptyState
            icon={<CircleCheck className="size-5" />}
            title="Nothing was refused"
            className="!py-8"
          >
            A call that this key may not make shows here, with the permission it lacks.
          </EmptyState>
        ) : (
          <ul>
            {items.map((item) => (
              <RefusedCallItem
                key={`${item.reason} ${item.operation}`}
                item={item}
                apiKey={apiKey}
                isOffered={!catalog || catalog.byId.has(item.operation)}
                now={dataUpdatedAt}
                onAdd={onAdd}
                onLimits={onLimits}
              />
            ))}
          </ul>
        )
      ) : error ? (
        <SectionFailure
          title="The refused calls didn’t load"
          detail={error.message}
          retrying={refusedCalls.isFetching}
          onRetry={() => void refetch()}
        />
      ) : (
        <div aria-busy className="h-28 px-4 pt-4">
          <span className="sr-only">Loading the refused calls</span>
          <Skeleton className="h-3 w-64 max-w-full" />
          <Skeleton className="mt-4 h-3 w-48" />
        </div>
      )}
    </Section>
  )
}

function RefusedCallItem({
  item: { operation, reason, calls, firstAt, lastAt, lastAddress },
  apiKey,
  isOffered,
  now,
  onAdd,
  onLimits,
}: {
  item: RefusedCall
  apiKey: ApiKey
  isOffered: boolean
  now: number
  onAdd: (operation: OperationId) => void
  onLimits: () => void
}) {
  return (
    <li className="flex flex-wrap items-start justify-between gap-x-6 gap-y-2 border-line-soft px-4 py-2.5 not-first:border-t">
      <div className="min-w-0 flex-[1_1_16rem]">
        <OperationName operation={operation} />
        <p className="mt-1 text-sm text-pretty text-muted tabular-nums">
          {reason === 'address' && 'From outside its allowed addresses. '}
          {formatQuantity(calls, 'call')}, last <Ago at={lastAt} now={now} />
          {lastAddress !== null && (
            <>
              {' from '}
              <span className="font-mono text-ink">{lastAddress}</span>
            </>
          )}
          {calls > 1 && (
            <>
              , first <Ago at={firstAt} now={now} />
            </>
          )}
        </p>
      </div>
      {reason === 'address' ? (
        <AllowAddress apiKey={apiKey} address={lastAddress} onLimits={onLimits} />
      ) : isOffered ? (
        <AddPermission apiKey={apiKey} operation={operation} onAdd={onAdd} />
      ) : (
        <span className="text-sm text-muted">No longer in the catalog</span>
      )}
    </li>
  )
}

function AllowAddress({
  apiKey: { allowedAddresses },
  address,
  onLimits,
}: {
  apiKey: ApiKey
  address: string | null
  onLimits: () => void
}) {
  const disabledReason = useDisabledReason()('apiKeys.manage', 'change allowed addresses')
  const isAllowed = createAddressFilter(allowedAddresses).includes(address)
  return (
    <Button
      size={28}
      {...(isAllowed && { icon: <CircleCheck className="size-3.5" /> })}
      disabledReason={isAllowed ? 'This key may be used from there now.' : disabledReason}
      onClick={onLimits}
    >
      {isAllowed ? 'Allowed now' : 'Change addresses…'}
    </Button>
  )
}
