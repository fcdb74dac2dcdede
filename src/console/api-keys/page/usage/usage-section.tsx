import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ChartNoAxesColumn } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { ApiKey } from '../../../../contract/keys/schemas.ts'
import type { Usage } from '../../../../contract/usage/schemas.ts'
import { EmptyState, Skeleton } from '../../../ui/feedback/empty-and-error.tsx'
import { cx } from '../../../ui/text/cx.ts'
import { formatMoment } from '../../../ui/text/format.ts'
import { totalCalls } from '../../data/call-counts.ts'
import { DEFAULT_DAYS, usageDays, type UsageDays } from '../../data/key-page-search.ts'
import { usageQuery } from '../../data/key-queries.ts'
import { Section, SectionFailure } from '../section.tsx'
import { AddressList } from './address-list.tsx'
import { BarChart, CallsChart } from './calls-chart.tsx'
import { CallsTable } from './calls-table.tsx'
import { OperationList } from './operation-list.tsx'

const lastDays: Readonly<Record<UsageDays, string>> = {
  1: 'the last 24 hours',
  7: 'the last 7 days',
  30: 'the last 30 days',
  90: 'the last 90 days',
}

/** A key's usage: calls over time, by operation and by address. */
export function UsageSection({
  deploymentId,
  apiKey,
  days,
}: {
  deploymentId: string
  apiKey: ApiKey
  days: UsageDays
}) {
  const { appId } = apiKey
  const usage = useQuery(usageQuery({ deploymentId, appId }, days))
  const { data, error, refetch, isPlaceholderData, dataUpdatedAt } = usage
  const [shownDays, setShownDays] = useState(days)
  useEffect(() => BarChart.preload(), [])
  if (!isPlaceholderData && shownDays !== days) setShownDays(days)
  return (
    <Section title="Usage" bare aside={<DaysSwitch days={days} />}>
      {data ? (
        <div
          aria-busy={isPlaceholderData || undefined}
          className={cx('transition-opacity delay-300', isPlaceholderData && 'opacity-60')}
        >
          <LoadedUsage apiKey={apiKey} usage={data} days={shownDays} now={dataUpdatedAt} />
        </div>
      ) : error ? (
        <div className="rounded-md border border-line bg-panel">
          <SectionFailure
            title="The usage didn’t load"
            detail={error.message}
            retrying={usage.isFetching}
            onRetry={() => void refetch()}
          />
        </div>
      ) : (
        <UsageSkeleton />
      )}
    </Section>
  )
}

/** Links that choose how many days are shown; the URL holds them. */
function DaysSwitch({ days }: { days: UsageDays }) {
  return (
    <nav aria-label="Days shown" className="flex rounded-sm border border-line bg-panel p-px">
      {usageDays.map((one) => (
        <Link
          key={one}
          to="."
          search={one === DEFAULT_DAYS ? {} : { days: one }}
          activeOptions={{ exact: true, includeSearch: true }}
          resetScroll={false}
          aria-current={one === days ? 'true' : undefined}
          aria-label={`${shortDays(one)}: ${lastDays[one]}`}
          className={cx(
            'rounded-xs px-2 text-sm/6 tabular-nums',
            one === days ? 'bg-selected font-[550]' : 'text-muted hover:bg-hover hover:text-ink',
          )}
        >
          {shortDays(one)}
        </Link>
      ))}
    </nav>
  )
}

function shortDays(days: UsageDays): string {
  return days === 1 ? '24 h' : `${days} d`
}

function LoadedUsage({
  apiKey,
  usage,
  days,
  now,
}: {
  apiKey: ApiKey
  usage: Usage
  days: UsageDays
  now: number
}) {
  const { calls, span, operations, addresses, recordedSince } = usage
  const isQuiet = calls.every((one) => totalCalls(one) === 0)
  const label = lastDays[days].replace('the', 'The')
  return (
    <>
      <div className="overflow-hidden rounded-md border border-line bg-panel">
        {isQuiet ? (
          <EmptyState
            icon={<ChartNoAxesColumn className="size-5" />}
            title={`No calls in ${lastDays[days]}`}
            className="!py-10"
          >
            {apiKey.lastUse.kind === 'used' &&
              (days < 90
                ? 'Choose more days to see earlier ones. '
                : 'Calls of longer ago are no longer kept. ')}
            New calls show here within ten seconds.
          </EmptyState>
        ) : (
          <>
            <CallsChart calls={calls} span={span} label={label} />
            <CallsTable calls={calls} span={span} />
          </>
        )}
        <p className="border-t border-line-soft px-4 py-2 text-sm text-muted">
          {recordedSince === null
            ? 'This key may have been used before uses were recorded.'
            : `The record of this key begins ${formatMoment(recordedSince)}.`}{' '}
          Refused calls don’t count as use.
        </p>
      </div>
      {!isQuiet && (
        <div className="grid gap-x-4 lg:grid-cols-[minmax(0,1.6fr)_minmax(0,1fr)]">
          <OperationList
            apiKey={apiKey}
            operations={operations}
            now={now}
            period={lastDays[days]}
          />
          <AddressList apiKey={apiKey} addresses={addresses} now={now} />
        </div>
      )}
    </>
  )
}

function UsageSkeleton() {
  return (
    <div aria-busy className="h-72 rounded-md border border-line bg-panel px-4 pt-4">
      <span className="sr-only">Loading the usage</span>
      <Skeleton className="h-3 w-64 max-w-full" />
      <Skeleton className="mt-6 h-36 w-full" />
    </div>
  )
}
