import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { planRules } from '../../../contract/deployments/plans.ts'
import type { Deployment } from '../../../contract/deployments/schemas.ts'
import { Badge, StatusDot } from '../../ui/feedback/badge.tsx'
import { Skeleton } from '../../ui/feedback/empty-and-error.tsx'
import { Hint } from '../../ui/overlays/tooltip.tsx'
import { cx } from '../../ui/text/cx.ts'
import { formatAgo, formatCount, formatMoment } from '../../ui/text/format.ts'
import { useMediaQuery } from '../../ui/use-media-query.ts'
import { DeploymentActions } from '../parts/deployment-actions.tsx'
import { statusLooks } from '../parts/status.ts'

type ListProps = {
  deployments: readonly Deployment[]
  /** When these deployments were loaded, as milliseconds since 1970. */
  now: number
  onRename: (deployment: Deployment) => void
  onRemove: (deployment: Deployment) => void
}

// Seven columns and the actions don't fit below it.
const TOO_NARROW = '(max-width: 55.99rem)'

/** The deployments as a table, or as cards where the window is narrow. */
export function DeploymentList(props: ListProps) {
  return useMediaQuery(TOO_NARROW) ? <Cards {...props} /> : <Table {...props} />
}

const columns = [
  { name: 'Name', className: 'w-[22%]' },
  { name: 'Plan', className: 'w-[13%]' },
  { name: 'Status', className: 'w-[11%]' },
  { name: 'Region', className: 'w-[11%]' },
  { name: 'Live sessions', className: 'w-[10%]', isNumber: true },
  { name: 'Keys', className: 'w-[7%]', isNumber: true },
  { name: 'Last API call', className: 'pl-8' },
] satisfies { name: string; className: string; isNumber?: boolean }[]

function Table({ deployments, now, ...handlers }: ListProps) {
  return (
    <Frame>
      {deployments.map((deployment) => (
        <tr key={deployment.id} className="relative h-11 border-t border-line-soft hover:bg-hover">
          <td className="truncate py-1 pr-3 pl-4">
            <DeploymentLink deployment={deployment} />
          </td>
          <td className="px-3">
            <Badge>{planRules(deployment).label}</Badge>
          </td>
          <td className="px-3 whitespace-nowrap">
            <Status deployment={deployment} />
          </td>
          <td className="truncate px-3 text-muted">{deployment.region ?? '—'}</td>
          <td className="px-3 text-end tabular-nums">
            <Sessions deployment={deployment} />
          </td>
          <td className="px-3 text-end tabular-nums">{formatCount(deployment.apiKeyCount)}</td>
          <td className="py-1 pr-3 pl-8 leading-4 text-muted">
            <LastCall deployment={deployment} now={now} />
          </td>
          <td className="pr-3 text-end">
            <span className="relative inline-flex align-middle">
              <Actions deployment={deployment} {...handlers} />
            </span>
          </td>
        </tr>
      ))}
    </Frame>
  )
}

function Frame({ children }: { children: ReactNode }) {
  return (
    <div className="overflow-hidden rounded-md border border-line bg-panel">
      <table className="w-full table-fixed">
        <thead>
          <tr className="h-9 text-sm text-muted">
            {columns.map(({ name, className, isNumber = false }) => (
              <th
                key={name}
                scope="col"
                className={cx(
                  'truncate px-3 font-[450] first:pl-4',
                  isNumber ? 'text-end' : 'text-start',
                  className,
                )}
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

function Cards({ deployments, now, ...handlers }: ListProps) {
  return (
    <ul className="grid gap-2.5 sm:grid-cols-2">
      {deployments.map((deployment) => (
        <li
          key={deployment.id}
          className="relative rounded-md border border-line bg-panel px-4 py-3 active:bg-hover"
        >
          <div className="flex items-start gap-2">
            <div className="min-w-0 flex-1 wrap-anywhere">
              <DeploymentLink deployment={deployment} />
            </div>
            <span className="relative -mt-1 -mr-2">
              <Actions deployment={deployment} {...handlers} />
            </span>
          </div>
          <div className="mt-1 flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-muted">
            <Status deployment={deployment} />
            <Badge>{planRules(deployment).label}</Badge>
            {deployment.region !== null && <span>{deployment.region}</span>}
          </div>
          <dl className="mt-3 grid grid-cols-[auto_auto_1fr] gap-x-6 text-sm tabular-nums">
            <CardFigure label="Live sessions">
              <Sessions deployment={deployment} />
            </CardFigure>
            <CardFigure label="Keys">{formatCount(deployment.apiKeyCount)}</CardFigure>
            <CardFigure label="Last API call">
              <LastCall deployment={deployment} now={now} />
            </CardFigure>
          </dl>
        </li>
      ))}
    </ul>
  )
}

function CardFigure({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div>
      <dt className="text-muted">{label}</dt>
      <dd className="mt-0.5 text-base">{children}</dd>
    </div>
  )
}

// The link fills its row or card; what else can be pressed there lies above it.
function DeploymentLink({ deployment: { id, name } }: { deployment: Deployment }) {
  return (
    <Link
      to="/deployments/$deploymentId"
      params={{ deploymentId: id }}
      className="font-[550] outline-none after:absolute after:inset-0 after:rounded-sm focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-ring"
    >
      {name}
    </Link>
  )
}

function Actions({
  deployment,
  onRename,
  onRemove,
}: Pick<ListProps, 'onRename' | 'onRemove'> & { deployment: Deployment }) {
  return (
    <DeploymentActions
      name={deployment.name}
      onRename={() => onRename(deployment)}
      onRemove={() => onRemove(deployment)}
    />
  )
}

function Status({ deployment: { status } }: { deployment: Deployment }) {
  const { tone, label } = statusLooks[status]
  return <StatusDot tone={tone}>{label}</StatusDot>
}

function Sessions({ deployment: { sessions } }: { deployment: Deployment }) {
  if (sessions !== null) return formatCount(sessions)
  return (
    <span className="relative">
      <Hint reason="The backend doesn’t tell right now">—</Hint>
    </span>
  )
}

function LastCall({ deployment: { lastApiCallAt }, now }: { deployment: Deployment; now: number }) {
  if (lastApiCallAt === null) return 'None yet'
  return (
    <time dateTime={lastApiCallAt} title={formatMoment(lastApiCallAt)}>
      {formatAgo(lastApiCallAt, now)}
    </time>
  )
}

const skeletonRows = ['a', 'b', 'c', 'd', 'e']

/** Stands in for the list until it is there, in the size of five deployments. */
export function DeploymentListSkeleton() {
  const isNarrow = useMediaQuery(TOO_NARROW)
  if (isNarrow) {
    return (
      <div className="grid gap-2.5 sm:grid-cols-2">
        {skeletonRows.map((key) => (
          <div key={key} className="h-31 rounded-md border border-line bg-panel px-4 py-3">
            <Skeleton className="mt-1 h-3 w-32" />
            <Skeleton className="mt-3 h-3 w-48" />
            <Skeleton className="mt-6 h-3 w-56" />
          </div>
        ))}
      </div>
    )
  }
  return (
    <Frame>
      {skeletonRows.map((key) => (
        <tr key={key} className="h-11 border-t border-line-soft">
          {columns.map(({ name, className }) => (
            <td key={name} className={cx('px-3 first:pl-4', className)}>
              <Skeleton className="ms-auto h-3 w-3/5 first:ms-0" />
            </td>
          ))}
          <td aria-hidden />
        </tr>
      ))}
    </Frame>
  )
}
