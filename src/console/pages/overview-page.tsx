import { getRouteApi } from '@tanstack/react-router'
import type { Deployment } from '../../contract/deployments/schemas.ts'
import { ApiKeySection } from '../api-keys/list/api-key-section.tsx'
import { Overview } from '../deployments/overview/overview.tsx'
import { Skeleton } from '../ui/feedback/empty-and-error.tsx'
import { lazyPart } from '../ui/lazy/lazy-part.tsx'

// Below all the rest, and seldom there.
const RefusedCredentials = lazyPart(
  async () => (await import('../deployments/overview/refused-credentials.tsx')).RefusedCredentials,
  null,
)

const route = getRouteApi('/deployments/$deploymentId')

/** The Deployment Overview: the deployment itself, and below it its API keys. */
export function OverviewPage() {
  const { deploymentId } = route.useParams()
  return (
    <Overview key={deploymentId} deploymentId={deploymentId} loading={<KeysSkeleton />}>
      {belowFigures}
    </Overview>
  )
}

function belowFigures(deployment: Deployment) {
  return (
    <>
      <ApiKeySection deployment={deployment} />
      <RefusedCredentials deploymentId={deployment.id} />
    </>
  )
}

function KeysSkeleton() {
  return (
    <>
      <div className="mb-3 flex h-8 items-center">
        <h2 className="text-lg">Deployment API Key</h2>
      </div>
      <div className="h-36 rounded-md border border-line bg-panel">
        <Skeleton className="mx-4 mt-12 h-3 w-1/2" />
        <Skeleton className="mx-4 mt-7 h-3 w-2/5" />
      </div>
    </>
  )
}
