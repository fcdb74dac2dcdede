import { Link } from '@tanstack/react-router'
import { ChevronRight } from 'lucide-react'
import type { ReactNode } from 'react'
import { planRules } from '../../../contract/deployments/plans.ts'
import type { Deployment } from '../../../contract/deployments/schemas.ts'
import { Badge, StatusDot } from '../../ui/feedback/badge.tsx'
import { Skeleton } from '../../ui/feedback/empty-and-error.tsx'
import { formatMoment } from '../../ui/text/format.ts'
import { describeBackend, describeStatus, statusLooks } from '../parts/status.ts'
import { InlineName } from './inline-name.tsx'

/** Name, plan, status, region and backend of a deployment, on top of its page. */
export function OverviewHeader({
  deployment,
  now,
  actions,
}: {
  deployment: Deployment
  /** When the deployment was loaded, as milliseconds since 1970. */
  now: number
  actions: ReactNode
}) {
  const { status, startedAt, region } = deployment
  return (
    <header>
      <Breadcrumb name={deployment.name} />
      <div className="mt-2 flex items-start gap-3">
        <div className="flex min-h-8 min-w-0 flex-1 flex-wrap items-center gap-x-2 gap-y-1">
          <InlineName deployment={deployment} />
          <Badge>{planRules(deployment).label}</Badge>
        </div>
        {actions}
      </div>
      <div className="mt-0.5 flex min-h-5 flex-wrap items-center gap-x-4 gap-y-1 text-muted">
        <StatusDot tone={statusLooks[status].tone}>
          <span
            className="text-ink"
            title={startedAt ? `Started ${formatMoment(startedAt)}` : undefined}
          >
            {describeStatus(deployment, now)}
          </span>
        </StatusDot>
        {region !== null && <span>{region}</span>}
        <span className="wrap-anywhere">{describeBackend(deployment)}</span>
      </div>
    </header>
  )
}

/** The way back to every deployment. */
export function Breadcrumb({ name }: { name: string }) {
  return (
    <nav aria-label="Breadcrumb">
      <ol className="flex min-w-0 items-center gap-1.5 text-muted">
        <li>
          <Link to="/deployments" className="rounded-xs hover:text-ink hover:underline">
            Deployments
          </Link>
        </li>
        <ChevronRight aria-hidden className="size-3.5 text-faint" />
        <li aria-current="page" className="min-w-0 truncate text-ink">
          {name}
        </li>
      </ol>
    </nav>
  )
}

/** Stands in for the header until the deployment is there, in its size. */
export function OverviewHeaderSkeleton({ id }: { id: string }) {
  return (
    <header>
      <Breadcrumb name={id} />
      <div className="mt-2 flex h-8 items-center">
        <h1 className="sr-only">{id}</h1>
        <Skeleton className="h-5 w-56" />
      </div>
      <div className="mt-0.5 flex h-5 items-center">
        <Skeleton className="h-3 w-72 max-w-full" />
      </div>
    </header>
  )
}
