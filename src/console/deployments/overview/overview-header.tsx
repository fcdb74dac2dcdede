import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { planRules } from '../../../contract/deployments/plans.ts'
import type { Deployment } from '../../../contract/deployments/schemas.ts'
import { Breadcrumb, Crumb } from '../../page/breadcrumb.tsx'
import { PageHeader } from '../../page/page-header.tsx'
import { Badge, StatusDot } from '../../ui/feedback/badge.tsx'
import { Skeleton } from '../../ui/feedback/empty-and-error.tsx'
import { formatMoment } from '../../ui/text/format.ts'
import { describeBackend, describeStatus, statusLooks } from '../parts/status.ts'
import { InlineName } from './inline-name.tsx'

/** The header of a deployment's page: name, plan, status, region and backend. */
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
    <PageHeader
      breadcrumb={<DeploymentBreadcrumb name={deployment.name} />}
      heading={
        <>
          <InlineName deployment={deployment} />
          <Badge>{planRules(deployment).label}</Badge>
        </>
      }
      actions={actions}
    >
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
    </PageHeader>
  )
}

/** The breadcrumb of a deployment's page. */
export function DeploymentBreadcrumb({ name }: { name: string }) {
  return (
    <Breadcrumb current={name}>
      <Crumb>
        <Link to="/deployments">Deployments</Link>
      </Crumb>
    </Breadcrumb>
  )
}

/** The skeleton of the header, in its size. */
export function OverviewHeaderSkeleton({ id }: { id: string }) {
  return (
    <PageHeader
      breadcrumb={<DeploymentBreadcrumb name={id} />}
      heading={
        <>
          <h1 className="sr-only">{id}</h1>
          <Skeleton className="h-5 w-56" />
        </>
      }
    >
      <div className="mt-0.5 flex h-5 items-center">
        <Skeleton className="h-3 w-72 max-w-full" />
      </div>
    </PageHeader>
  )
}
