import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { ApiKey } from '../../../contract/keys/schemas.ts'
import type { Usage } from '../../../contract/usage/schemas.ts'
import { apiQuery } from '../../api/query.ts'
import { Skeleton } from '../../ui/feedback/empty-and-error.tsx'
import { formatList } from '../../ui/text/format-list.ts'
import { formatAgo, formatMoment, formatQuantity } from '../../ui/text/format.ts'
import { sumCalls } from '../data/call-counts.ts'
import { Fact } from './facts.tsx'

const HOUR_MS = 3_600_000
const SHOWN_ADDRESSES = 3

/** A key's usage of the last 24 hours, or undefined while it loads or after it failed. */
type RecentUse = { usage: Usage | undefined; isFailed: boolean }

/** Loads a key's usage of the last 24 hours. */
export function useRecentUse(deploymentId: string, appId: string): RecentUse {
  const { data, isError } = useQuery(
    apiQuery('getUsage', { params: { deploymentId, appId }, query: { days: '1' } }),
  )
  return { usage: data, isFailed: isError }
}

/** Whether a call with this key was allowed within the last hour. */
export function isInUse({ lastUse }: ApiKey, { usage }: RecentUse, now: number): boolean {
  const uses = (usage?.operations ?? []).flatMap(({ lastUsedAt }) => lastUsedAt ?? [])
  if (lastUse.kind === 'used') uses.push(lastUse.at)
  return uses.some((at) => now - Date.parse(at) < HOUR_MS)
}

/** The facts of a key's last use and of its last 24 hours. */
export function RecentUseFacts({
  apiKey: { lastUse },
  recent,
  now,
}: {
  apiKey: ApiKey
  recent: RecentUse
  now: number
}) {
  return (
    <>
      <Fact name="Last used">{lastUseText(lastUse, now)}</Fact>
      <Fact name="Last 24 hours">{lastDayText(recent)}</Fact>
    </>
  )
}

function lastUseText(lastUse: ApiKey['lastUse'], now: number): ReactNode {
  if (lastUse.kind === 'never') return 'Never used'
  if (lastUse.kind === 'notRecorded') return 'Not recorded'
  const { at, operation, address } = lastUse
  return (
    <>
      <time dateTime={at} title={formatMoment(at)}>
        {formatAgo(at, now)}
      </time>
      {address !== null && ` from ${address}`},{' '}
      <span className="inline-block max-w-full font-mono text-sm/5">{operation}</span>
    </>
  )
}

function lastDayText({ usage, isFailed }: RecentUse): ReactNode {
  if (isFailed) return 'The calls of the last 24 hours didn’t load.'
  if (!usage) return <Skeleton className="my-1 h-3 w-40" />
  const total = sumCalls(usage.calls)
  const calls = total.allowed + total.failed
  const refused =
    total.refused > 0 ? `, ${formatQuantity(total.refused, 'more was', 'more were')} refused` : ''
  if (calls === 0)
    return total.refused > 0 ? `${formatQuantity(total.refused, 'call')}, all refused` : 'No calls'
  const addresses = usage.addresses.map(({ address }) => address)
  const from = addresses.length > 0 ? ` from ${addressList(addresses)}` : ''
  return `${formatQuantity(calls, 'call')}${from}${refused}`
}

function addressList(addresses: readonly string[]): string {
  const shown = addresses.slice(0, SHOWN_ADDRESSES)
  const rest = addresses.length - shown.length
  return formatList(rest > 0 ? [...shown, `${rest} more`] : shown)
}
