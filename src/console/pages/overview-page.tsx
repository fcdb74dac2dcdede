import { getRouteApi } from '@tanstack/react-router'
import { ApiKeySection } from '../api-keys/api-key-section.tsx'
import { Overview } from '../deployments/overview.tsx'

const route = getRouteApi('/deployments/$deploymentId')

/** The Deployment Overview: the deployment itself, and below it its API keys. */
export function OverviewPage() {
  const { deploymentId } = route.useParams()
  return (
    <Overview key={deploymentId} deploymentId={deploymentId}>
      {(deployment) => <ApiKeySection deployment={deployment} />}
    </Overview>
  )
}
