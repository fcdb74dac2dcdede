import { queryOptions, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { memo, useDeferredValue, useMemo, useState, type ReactNode } from 'react'
import type { Deployment } from '../../../contract/deployments/schemas.ts'
import { apiQuery } from '../../api/query.ts'
import { ErrorPage } from '../../page/error-pages.tsx'
import { PageTitle } from '../../page/page-title.tsx'
import { ErrorState } from '../../ui/feedback/empty-and-error.tsx'
import { InlineMessage } from '../../ui/feedback/inline-message.tsx'
import { RemoveDialog } from '../dialogs/deployment-dialogs.tsx'
import { DeploymentActions } from '../parts/deployment-actions.tsx'
import { describeTrouble } from '../parts/status.ts'
import { ConnectionSkeleton, ConnectionStrip } from './connection-strip.tsx'
import { FiguresSkeleton } from './figures-strip.tsx'
import { LiveFigures } from './live-figures.tsx'
import { DeploymentBreadcrumb, OverviewHeader, OverviewHeaderSkeleton } from './overview-header.tsx'

const POLL = 5000

/** The query of one deployment; status and running time follow it. */
export function deploymentQuery(deploymentId: string) {
  const query = apiQuery('getDeployment', { params: { deploymentId } })
  return queryOptions({
    ...query,
    refetchInterval: ({ state }) => (state.error?.isNotFound ? false : POLL),
  })
}

/** The overview of one deployment; `children` draws what stands below its figures. */
export function Overview({
  deploymentId,
  loading,
  children,
}: {
  deploymentId: string
  /** Stands in for `children` until the deployment is there. */
  loading: ReactNode
  /** Stable between renders: called again for a deployment that changed alone. */
  children: (deployment: Deployment) => ReactNode
}) {
  const deployment = useQuery(deploymentQuery(deploymentId))
  const { error, refetch, dataUpdatedAt } = deployment
  const answer = useMemo(
    () => ({ data: deployment.data, now: dataUpdatedAt }),
    [deployment.data, dataUpdatedAt],
  )
  // In slices: a slow phone stays responsive while answers are drawn.
  const { data, now } = useDeferredValue(answer)
  // As it was unless the deployment changed: a poll alone must not render it, nor a dialog in it.
  const below = useMemo(() => data && children(data), [children, data])
  // A deployment that was removed elsewhere is gone, though its last answer is still at hand.
  if (error?.isNotFound) return <NoSuchDeployment />
  if (data) {
    return (
      <>
        {error && (
          <InlineMessage tone="warn" className="mb-4">
            This page isn’t up to date. {error.message}
          </InlineMessage>
        )}
        <LoadedOverview deployment={data} now={now}>
          {below}
        </LoadedOverview>
      </>
    )
  }
  if (!error) return <OverviewSkeleton id={deploymentId}>{loading}</OverviewSkeleton>
  return (
    <>
      <PageTitle>{deploymentId}</PageTitle>
      <DeploymentBreadcrumb name={deploymentId} />
      <ErrorState
        title="The deployment didn’t load"
        titleAs="h1"
        detail={error.message}
        retrying={deployment.isFetching}
        onRetry={() => void refetch()}
        className="py-24"
      />
    </>
  )
}

const LoadedOverview = memo(function LoadedOverview({
  deployment,
  now,
  children,
}: {
  deployment: Deployment
  now: number
  children: ReactNode
}) {
  const navigate = useNavigate()
  const [isRemoving, setIsRemoving] = useState(false)
  const trouble = describeTrouble(deployment)
  return (
    <>
      <PageTitle>{deployment.name}</PageTitle>
      <OverviewHeader
        deployment={deployment}
        now={now}
        actions={<DeploymentActions name={deployment.name} onRemove={() => setIsRemoving(true)} />}
      />
      {trouble !== undefined && (
        <InlineMessage tone="danger" className="mt-4">
          {trouble}
        </InlineMessage>
      )}
      <div className="mt-5">
        <LiveFigures deploymentId={deployment.id} />
      </div>
      <div className="mt-4">
        <ConnectionStrip deployment={deployment} />
      </div>
      <div className="mt-5">{children}</div>
      {isRemoving && (
        <RemoveDialog
          deployment={deployment}
          onClose={() => setIsRemoving(false)}
          onLoadError={() => setIsRemoving(false)}
          onRemoved={() => void navigate({ to: '/deployments' })}
        />
      )}
    </>
  )
})

function OverviewSkeleton({ id, children }: { id: string; children: ReactNode }) {
  return (
    <div aria-busy>
      <PageTitle>{id}</PageTitle>
      <OverviewHeaderSkeleton id={id} />
      <div className="mt-5">
        <FiguresSkeleton />
      </div>
      <div className="mt-4">
        <ConnectionSkeleton />
      </div>
      <div className="mt-5">{children}</div>
    </div>
  )
}

/** The page of an unknown deployment. */
export function NoSuchDeployment() {
  return (
    <ErrorPage pageTitle="No such deployment" title="There is no such deployment">
      It was removed, or the address has a typo.
    </ErrorPage>
  )
}
