import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ChevronRight } from 'lucide-react'
import { useId } from 'react'
import type { RefusedCredentials as Answer } from '../../../contract/usage/schemas.ts'
import { Button } from '../../ui/buttons/button.tsx'
import { formatCount, formatQuantity } from '../../ui/text/format.ts'
import { Ago } from '../../ui/text/timestamp.tsx'
import { refusedCredentialsQuery } from './refused-credentials-query.ts'

type Refused = Answer['items'][number]

const reasons: Readonly<Record<Refused['reason'], { title: string; advice: string }>> = {
  wrongSecret: {
    title: 'Wrong secret',
    advice:
      'A script has an outdated secret, or someone guesses. Hand over the right one, or rotate the key.',
  },
  expired: {
    title: 'Expired key',
    advice: 'Something still calls with a key that has ended. Give it a new one.',
  },
  disabled: {
    title: 'Disabled key',
    advice: 'Something still calls with a key that is disabled. Enable it, or stop what calls.',
  },
  unknown: {
    title: 'Unknown App ID',
    advice: 'The key was deleted, belongs to another deployment, or never was.',
  },
}
const order = ['wrongSecret', 'expired', 'disabled', 'unknown'] as const

/**
 * Credentials that a deployment refused, by what was wrong with them. Closed at first, and not
 * there where nothing was refused.
 */
export function RefusedCredentials({ deploymentId }: { deploymentId: string }) {
  const refused = useQuery(refusedCredentialsQuery(deploymentId))
  const { data, error, refetch, dataUpdatedAt } = refused
  if (!data) {
    if (!error || error.isForbidden || error.isNotFound) return null
    return (
      <p className="mt-4 flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-muted">
        The refused credentials didn’t load. {error.message}
        <Button size={28} loading={refused.isFetching} onClick={() => void refetch()}>
          Try again
        </Button>
      </p>
    )
  }
  const { items } = data
  if (items.length === 0) return null
  const calls = items.reduce((sum, one) => sum + one.calls, 0)
  return (
    <details className="group mt-4 overflow-hidden rounded-md border border-line bg-panel">
      <summary className="flex min-h-10.5 cursor-default list-none items-center gap-2 px-4 py-2 -outline-offset-2 hover:bg-hover [&::-webkit-details-marker]:hidden">
        <ChevronRight
          aria-hidden
          className="size-4 flex-none text-muted transition-transform group-open:rotate-90"
        />
        <h2 className="font-[550]">Refused credentials</h2>
        <span className="text-muted tabular-nums">
          {formatQuantity(calls, 'call')} with {formatQuantity(items.length, 'App ID')}
        </span>
      </summary>
      <div className="border-t border-line-soft pb-2">
        {order.map((reason) => (
          <Group
            key={reason}
            deploymentId={deploymentId}
            reason={reason}
            items={items.filter((one) => one.reason === reason)}
            now={dataUpdatedAt}
          />
        ))}
      </div>
    </details>
  )
}

function Group({
  deploymentId,
  reason,
  items,
  now,
}: {
  deploymentId: string
  reason: Refused['reason']
  items: readonly Refused[]
  now: number
}) {
  const id = useId()
  if (items.length === 0) return null
  const { title, advice } = reasons[reason]
  return (
    <section aria-labelledby={id} className="px-4 pt-3 pb-1 sm:pl-10">
      <h3 id={id} className="font-[550]">
        {title} <span className="font-normal text-muted tabular-nums">{items.length}</span>
      </h3>
      <p className="text-sm text-pretty text-muted">{advice}</p>
      <ul className="mt-1.5 tabular-nums">
        {items.map(({ appId, calls, firstAt, lastAt, lastAddress }) => (
          <li
            key={appId}
            className="flex flex-wrap items-baseline gap-x-4 border-t border-line-soft py-1.5"
          >
            <span className="w-36">
              {appId === '' ? (
                <span className="text-muted">No App ID</span>
              ) : reason === 'unknown' ? (
                <span className="font-mono text-sm">{appId}</span>
              ) : (
                <Link
                  to="/deployments/$deploymentId/api-keys/$appId"
                  params={{ deploymentId, appId }}
                  className="rounded-xs font-mono text-sm hover:text-accent-ink hover:underline"
                >
                  {appId}
                </Link>
              )}
            </span>
            <span className="w-20">
              {formatCount(calls)} {calls === 1 ? 'call' : 'calls'}
            </span>
            <span className="text-muted">
              last <Ago at={lastAt} now={now} />
              {lastAddress !== null && (
                <>
                  {' from '}
                  <span className="font-mono text-sm text-ink">{lastAddress}</span>
                </>
              )}
              {calls > 1 && (
                <>
                  , first <Ago at={firstAt} now={now} />
                </>
              )}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
